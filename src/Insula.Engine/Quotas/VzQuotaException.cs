namespace Insula.Engine.Quotas;

/// <summary>An error of a quota command, with its own kind of exit code.</summary>
/// <param name="exit">What the command exits with.</param>
/// <param name="message">What failed, on which object, and why.</param>
/// <param name="hint">What the user can do, or null.</param>
/// <param name="cause">The error below.</param>
public sealed class VzQuotaException(VzQuotaExit exit, string message, string? hint = null, Exception? cause = null)
    : InsulaException(ExitCode.SystemError, message, hint, cause)
{
    /// <summary>What the command exits with.</summary>
    public VzQuotaExit Exit { get; } = exit;
}

namespace Insula.Engine;

/// <summary>An error the user is told about: one line, an exit code and, where something can be done, a hint.</summary>
public class InsulaException : Exception
{
    /// <param name="code">What the command exits with.</param>
    /// <param name="message">What failed, on which object, and why; one line without a full stop.</param>
    /// <param name="hint">What the user can do, or null.</param>
    /// <param name="cause">The error below, shown with --verbose.</param>
    public InsulaException(ExitCode code, string message, string? hint = null, Exception? cause = null)
        : base(message, cause)
    {
        Code = code;
        Hint = hint;
    }

    /// <summary>What the command exits with.</summary>
    public ExitCode Code { get; }

    /// <summary>What the user can do, or null.</summary>
    public string? Hint { get; }

    /// <summary>For a value that is not accepted: for a command that has put the value together itself. Null for other errors.</summary>
    public BadValue? BadValue { get; init; }
}

/// <summary>A value that is not accepted.</summary>
/// <param name="Subject">Where it came from: "--acl_add", "ACL in /etc/vz/conf/101.conf".</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BadValue(string Subject, string Reason);

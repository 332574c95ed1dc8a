namespace Insula.Engine.Host;

/// <summary>systemctl(1), the host's.</summary>
public interface ISystemctl
{
    /// <summary>Runs it.</summary>
    /// <returns>Its exit code and what it said on standard error.</returns>
    (int Code, string Error) Run(params IReadOnlyList<string> arguments);
}

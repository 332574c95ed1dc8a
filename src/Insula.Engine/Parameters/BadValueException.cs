namespace Insula.Engine.Parameters;

/// <summary>A value that its <see cref="ValueKind"/> does not accept.</summary>
public sealed class BadValueException : InsulaException
{
    internal BadValueException(ExitCode code, string message, string hint, string subject, string reason)
        : base(code, message, hint)
    {
        Subject = subject;
        Reason = reason;
    }

    /// <summary>Where it came from: "--acl_add", "ACL in /etc/vz/conf/101.conf".</summary>
    public string Subject { get; }

    /// <summary>What is wrong with it, for a command that has put the value together itself.</summary>
    public string Reason { get; }
}

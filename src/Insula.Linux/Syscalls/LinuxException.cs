namespace Insula.Linux.Syscalls;

/// <summary>
/// A call to the kernel failed. The message names what was done, to what, and why it failed:
/// <c>Cannot mount proc on /proc: EPERM (operation not permitted)</c>.
/// </summary>
public sealed class LinuxException : Exception
{
    /// <param name="action">What was tried, as a verb phrase: "mount proc on".</param>
    /// <param name="target">What it was tried on: a path, a device, a pid.</param>
    /// <param name="errno">Why the kernel refused.</param>
    /// <param name="hint">What the user can do about it, if anything is known.</param>
    public LinuxException(string action, string target, Errno errno, string? hint = null)
        : base($"Cannot {action}{(target.Length == 0 ? "" : " ")}{target}: {ErrnoText.Describe(errno)}")
    {
        Action = action;
        Target = target;
        Errno = errno;
        Hint = hint;
    }

    /// <summary>What was tried.</summary>
    public string Action { get; }

    /// <summary>The object it was tried on.</summary>
    public string Target { get; }

    /// <summary>The kernel's error number.</summary>
    public Errno Errno { get; }

    /// <summary>What the user can do, or null.</summary>
    public string? Hint { get; }
}

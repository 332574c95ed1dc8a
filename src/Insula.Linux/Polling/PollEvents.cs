namespace Insula.Linux.Polling;

/// <summary>What a descriptor is ready for (epoll_ctl(2)).</summary>
[Flags]
public enum PollEvents : uint
{
    /// <summary>Nothing but the end and errors, which are always told.</summary>
    None = 0,

    /// <summary>There is something to read; of a pidfd: the process has ended.</summary>
    Input = 0x1,

    /// <summary>There is room to write.</summary>
    Output = 0x4,

    /// <summary>An error.</summary>
    Error = 0x8,

    /// <summary>The other side is gone.</summary>
    HangUp = 0x10,
}

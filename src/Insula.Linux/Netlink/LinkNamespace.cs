using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

/// <summary>Names a network namespace to the kernel: by a process in it, or by a descriptor of /proc/PID/ns/net or a pidfd's namespace.</summary>
public readonly struct LinkNamespace
{
    private readonly int _pid;
    private readonly FileDescriptor? _descriptor;

    private LinkNamespace(int pid, FileDescriptor? descriptor)
    {
        _pid = pid;
        _descriptor = descriptor;
    }

    /// <summary>The namespace of process <paramref name="pid"/>. The caller makes sure that the number still means that process.</summary>
    public static LinkNamespace OfProcess(int pid)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pid);
        return new LinkNamespace(pid, null);
    }

    /// <summary>The namespace behind <paramref name="descriptor"/>, which stays the caller's.</summary>
    public static LinkNamespace OfDescriptor(FileDescriptor descriptor) => new(0, descriptor);

    internal void Write(ref NetlinkWriter message)
    {
        if (_descriptor is not null)
            message.Attribute(Ifla.NetNsFd, (uint)_descriptor.Number);
        else if (_pid > 0)
            message.Attribute(Ifla.NetNsPid, (uint)_pid);
        else
            throw new InvalidOperationException("no network namespace named");
    }
}

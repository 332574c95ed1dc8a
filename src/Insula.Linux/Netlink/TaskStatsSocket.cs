using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

/// <summary>Tasks of a cgroup by what they do, counted by the kernel (struct cgroupstats of linux/cgroupstats.h).</summary>
/// <param name="Sleeping">Wait and can be woken by a signal.</param>
/// <param name="Running">Run or wait for a processor.</param>
/// <param name="Stopped">Stopped by a signal.</param>
/// <param name="Uninterruptible">Wait for a device.</param>
/// <param name="WaitingForIo">Those of the last two that are known to wait for I/O.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct CgroupTaskCounts(ulong Sleeping, ulong Running, ulong Stopped, ulong Uninterruptible, ulong WaitingForIo);

/// <summary>
/// The TASKSTATS family of generic netlink (Documentation/accounting/cgroupstats.rst): how many tasks of a v1 group run, without looking at each.
/// </summary>
public sealed class TaskStatsSocket : IDisposable
{
    private const int NETLINK_GENERIC = 16;
    private const NetlinkMessageType Controller = (NetlinkMessageType)16; // GENL_ID_CTRL
    private const byte GetFamily = 3;          // CTRL_CMD_GETFAMILY
    private const ushort FamilyId = 1, FamilyName = 2;  // CTRL_ATTR_*
    private const byte GetCgroup = 4;          // CGROUPSTATS_CMD_GET
    private const ushort GroupDescriptor = 1;  // CGROUPSTATS_CMD_ATTR_FD
    private const ushort GroupCounts = 1;      // CGROUPSTATS_TYPE_CGROUP_STATS

    private readonly NetlinkSocket _socket;
    private readonly NetlinkMessageType _family;
    private uint _sequence;

    private TaskStatsSocket(NetlinkSocket socket)
    {
        _socket = socket;
        _family = FindFamily();
    }

    /// <summary>Opens the family; null if this kernel was built without it (CONFIG_TASKSTATS).</summary>
    public static TaskStatsSocket? TryOpen()
    {
        var socket = NetlinkSocket.Open(NETLINK_GENERIC, "a generic netlink socket");
        try
        {
            return new TaskStatsSocket(socket);
        }
        catch (LinuxException error) when (error.Errno == Errno.ENOENT)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Counts the tasks of a group, not of groups below it.</summary>
    /// <param name="group">The group's open directory in a v1 hierarchy.</param>
    /// <param name="display">Its path, for messages.</param>
    /// <exception cref="LinuxException">EINVAL: it is a v2 group, which the kernel does not count.</exception>
    public CgroupTaskCounts Count(FileDescriptor group, string display)
    {
        Span<byte> buffer = stackalloc byte[64];
        var request = new NetlinkWriter(buffer, _family, NetlinkFlags.None);
        request.Append(new GenericHeader { Command = GetCgroup, Version = 1 });
        request.Attribute(GroupDescriptor, (uint)group.Number);
        return Ask(request, GroupCounts, display, static value => NetlinkMessage.ReadFixed<CgroupTaskCounts>(value));
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private NetlinkMessageType FindFamily()
    {
        Span<byte> buffer = stackalloc byte[64];
        var request = new NetlinkWriter(buffer, Controller, NetlinkFlags.None);
        request.Append(new GenericHeader { Command = GetFamily, Version = 1 });
        request.Attribute(FamilyName, "TASKSTATS");
        return (NetlinkMessageType)Ask(request, FamilyId, "TASKSTATS", static value => NetlinkMessage.ReadFixed<ushort>(value));
    }

    private delegate T ValueParser<T>(ReadOnlySpan<byte> value);

    private T Ask<T>(scoped in NetlinkWriter request, ushort attribute, string about, ValueParser<T> parse)
    {
        _socket.Send(request.Finish(++_sequence));
        while (true)
        {
            var datagram = _socket.Receive();
            while (NetlinkMessage.TryTake(ref datagram, out var message))
            {
                if (message.Sequence != _sequence)
                    continue;
                if (message.Type == NetlinkMessageType.Error)
                    throw new LinuxException("ask the kernel about", about, NetlinkAnswer.Read(message).Errno);
                var attributes = message.AttributesAfter<GenericHeader>();
                while (attributes.Next())
                {
                    if (attributes.Type == attribute)
                        return parse(attributes.Value);
                }
            }
        }
    }
}

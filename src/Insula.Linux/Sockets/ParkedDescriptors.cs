using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Sockets;

/// <summary>
/// Descriptors that are kept in the queue of a local socket, each with a name, and live as long as anybody has the pair open: whoever has it can look
/// at them without taking them out, so a process may die at any moment and loses none. The kernel keeps them; nobody has to serve it.
/// </summary>
/// <param name="entrance">The end that they go in at.</param>
/// <param name="exit">The end that they are looked at.</param>
public sealed unsafe class ParkedDescriptors(FileDescriptor entrance, FileDescriptor exit)
{
    private const int AF_UNIX = 1, SOCK_SEQPACKET = 5, SOCK_CLOEXEC = 0x80000;
    private const int SOL_SOCKET = 1, SO_SNDBUFFORCE = 32, SO_PEEK_OFF = 42;
    private const int MSG_PEEK = 2, MSG_DONTWAIT = 0x40;
    private const int LongestName = 64;

    // Some 800 bytes are accounted for each.
    private const int Room = 64 * 1024 * 1024;

    /// <summary>A new pair.</summary>
    public static (FileDescriptor Entrance, FileDescriptor Exit) Create()
    {
        var ends = stackalloc int[2];
        Kernel.Check(Kernel.Call(Syscall.Socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, (nint)ends), "create", "a socket pair");
        var (entrance, exit) = (new FileDescriptor(ends[0]), new FileDescriptor(ends[1]));
        var room = Room;
        // Without the right to have more, the usual room is for some two hundred.
        var result = Kernel.Call(Syscall.Setsockopt, entrance.Number, SOL_SOCKET, SO_SNDBUFFORCE, (nint)(&room), sizeof(int));
        if (Kernel.ErrnoOf(result) is not (Errno.None or Errno.EPERM))
            Kernel.Check(result, "make room in", "a socket pair");
        return (entrance, exit);
    }

    /// <summary>Puts a copy of a descriptor in.</summary>
    /// <param name="name">What it is; may be there more than once.</param>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="account">
    /// The user that it is counted for while it is here. The kernel counts what is on its way in sockets by user, and refuses further ones to
    /// unprivileged processes of one that has more than RLIMIT_NOFILE (ETOOMANYREFS, unix(7)).
    /// </param>
    /// <exception cref="LinuxException">EAGAIN: there is no more room.</exception>
    public void Add(string name, FileDescriptor descriptor, uint account)
    {
        var text = Encoding.UTF8.GetBytes(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, LongestName, nameof(name));
        long result;
        // The real user of this thread alone; the effective one stays, and the capabilities with it.
        const int unchanged = -1, root = 0;
        var borrowed = account != root && Kernel.Call(Syscall.SetResUid, (nint)account, unchanged, unchanged) == 0;
        try
        {
            result = DescriptorMessage.TrySend(entrance, text, descriptor, MSG_DONTWAIT);
        }
        finally
        {
            if (borrowed)
                Kernel.Check(Kernel.Call(Syscall.SetResUid, root, unchanged, unchanged), "become", "root again");
        }
        Kernel.Check(result, "park", name);
    }

    /// <summary>Copies of all that are here, the oldest first.</summary>
    public IReadOnlyList<(string Name, FileDescriptor Descriptor)> Look()
    {
        SetPlace(0);
        var found = new List<(string, FileDescriptor)>();
        Span<byte> name = stackalloc byte[LongestName];
        while (true)
        {
            var length = DescriptorMessage.TryReceive(exit, name, out var descriptor, MSG_PEEK | MSG_DONTWAIT);
            if (length <= 0)
                break;
            if (descriptor is not null)
                found.Add((Encoding.UTF8.GetString(name[..(int)length]), descriptor));
        }
        SetPlace(-1);
        return found;
    }

    /// <summary>Takes out those that are not wanted any more. One that stays is put in anew before it is taken out: it is never nowhere.</summary>
    /// <param name="accountOf">The user that one is counted for; null: it goes.</param>
    public void Sweep(Func<string, FileDescriptor, uint?> accountOf)
    {
        Span<byte> nothing = stackalloc byte[LongestName];
        foreach (var (name, descriptor) in Look())
        {
            using (descriptor)
            {
                if (accountOf(name, descriptor) is { } account)
                    Add(name, descriptor, account);
            }
            // What is oldest goes; a receiver that does not ask for descriptors closes them.
            Kernel.Check(Receive(exit, nothing), "take out", name);
        }
    }

    private static long Receive(FileDescriptor socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return Kernel.Call(Syscall.Recvfrom, socket.Number, (nint)start, buffer.Length, MSG_DONTWAIT, 0, 0);
    }

    // Where the next look begins, in bytes; -1: at the beginning.
    private void SetPlace(int place)
        => Kernel.Check(Kernel.Call(Syscall.Setsockopt, exit.Number, SOL_SOCKET, SO_PEEK_OFF, (nint)(&place), sizeof(int)), "look into", "a socket pair");
}

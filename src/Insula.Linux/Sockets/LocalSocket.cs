using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Sockets;

/// <summary>
/// Stream sockets of this host, by path (unix(7)). The path may be as long as any: the socket is reached through its directory's descriptor,
/// since an address itself has room for 107 bytes only.
/// </summary>
public static unsafe class LocalSocket
{
    private const int AF_UNIX = 1, SOCK_STREAM = 1, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;
    private const int SOL_SOCKET = 1, SO_PEERCRED = 17;
    private const int MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000;
    private const int Backlog = 128;

    /// <summary>Listens at a path, for this user alone; what is there already is replaced.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileDescriptor Listen(string path)
    {
        const int ownerOnly = 0x180; // 0600
        File.Delete(path);
        var socket = New(SOCK_NONBLOCK);
        try
        {
            // Before it has a name: nobody gets in before it has its mode (the kernel takes the socket's own mode for the name's).
            Kernel.Check(Kernel.Call(Syscall.Fchmod, socket.Number, ownerOnly), "set the mode of", path);
            Kernel.Check(WithAddress(path, Syscall.Bind, socket), "make the socket", path);
            Kernel.Check(Kernel.Call(Syscall.Listen, socket.Number, Backlog), "listen at", path);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The next connection, non-blocking; null if there is none, or there are no descriptors left for it.</summary>
    public static FileDescriptor? TryAccept(FileDescriptor listener)
    {
        var result = Kernel.Call(Syscall.Accept4, listener.Number, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
        return result < 0 ? null : new FileDescriptor((int)result);
    }

    /// <summary>Connects to a path; the calls on it wait.</summary>
    /// <exception cref="LinuxException">ENOENT, ECONNREFUSED: nobody listens there.</exception>
    public static FileDescriptor Connect(string path)
    {
        var socket = New(0);
        var result = WithAddress(path, Syscall.Connect, socket);
        if (result < 0)
            socket.Dispose();
        Kernel.Check(result, "connect to", path);
        return socket;
    }

    /// <summary>Has reads end with EAGAIN when nothing has come for so long.</summary>
    public static void LimitWait(FileDescriptor socket, TimeSpan longest)
    {
        const int SO_RCVTIMEO = 20;
        // struct timeval.
        var time = stackalloc long[] { (long)longest.TotalSeconds, longest.Milliseconds * 1000 };
        Kernel.Check(
            Kernel.Call(Syscall.Setsockopt, socket.Number, SOL_SOCKET, SO_RCVTIMEO, (nint)time, 2 * sizeof(long)), "limit the wait at", "a local socket");
    }

    /// <summary>The user id of the other side, as it was when it connected.</summary>
    public static uint PeerUser(FileDescriptor socket)
    {
        Credentials credentials;
        var size = sizeof(Credentials);
        Kernel.Check(
            Kernel.Call(Syscall.Getsockopt, socket.Number, SOL_SOCKET, SO_PEERCRED, (nint)(&credentials), (nint)(&size)), "ask for the user of", "a connection");
        return credentials.User;
    }

    /// <summary>Sends what there is room for, without waiting and without SIGPIPE. Gives back the kernel's own result.</summary>
    public static long TrySend(FileDescriptor socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return Kernel.Call(Syscall.Sendto, socket.Number, (nint)start, bytes.Length, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);
    }

    private static FileDescriptor New(int flags)
        => new((int)Kernel.Check(Kernel.Call(Syscall.Socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0), "create", "a local socket"));

    private static long WithAddress(string path, Syscall call, FileDescriptor socket)
    {
        const int pathRoom = 108;
        var opened = Files.TryOpenAt(Files.CurrentDirectory, Path.GetDirectoryName(Path.GetFullPath(path))!, OpenFlags.Directory | OpenFlags.Path);
        if (opened < 0)
            return opened;
        using var directory = new FileDescriptor((int)opened);
        var text = System.Text.Encoding.UTF8.GetBytes($"{directory.ProcPath}/{Path.GetFileName(path)}");
        if (text.Length >= pathRoom)
            return -(long)Errno.ENAMETOOLONG;
        var address = stackalloc byte[2 + pathRoom];
        new Span<byte>(address, 2 + pathRoom).Clear();
        *(ushort*)address = AF_UNIX;
        text.CopyTo(new Span<byte>(address + 2, pathRoom));
        return Kernel.Call(call, socket.Number, (nint)address, 2 + text.Length + 1);
    }

    /// <summary>struct ucred.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Credentials
    {
        public int Process;
        public uint User;
        public uint Group;
    }
}

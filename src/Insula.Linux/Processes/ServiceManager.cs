using System.Text;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>
/// The service manager that has started this process (sd_notify(3), sd_listen_fds(3)): it is told how things are, and keeps descriptors for
/// the time when no process of the service is left.
/// </summary>
public static unsafe class ServiceManager
{
    private const int AF_UNIX = 1, SOCK_DGRAM = 2, SOCK_CLOEXEC = 0x80000;
    private const int FirstDescriptor = 3;

    /// <summary>True if there is one that wants to be told.</summary>
    public static bool IsPresent => Socket is not null;

    private static string? Socket => Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 1 } name && name[0] is '/' or '@' ? name : null;

    /// <summary>Says something, <c>READY=1</c>; nothing happens when nobody listens.</summary>
    /// <param name="state">Assignments, a line each.</param>
    /// <param name="kept">A descriptor that goes with it, for FDSTORE=1.</param>
    /// <exception cref="LinuxException">It cannot be reached.</exception>
    public static void Notify(string state, FileDescriptor? kept = null)
    {
        if (Socket is not { } name)
            return;
        var address = AddressOf(name);
        var text = Encoding.UTF8.GetBytes(state);
        var rights = kept is null ? default : SocketMessage.Rights.Of(kept.Number);
        using var socket = new FileDescriptor(
            (int)Kernel.Check(Kernel.Call(Syscall.Socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "open", "a socket"));
        fixed (byte* to = address, what = text)
        {
            var part = new SocketMessage.Part { Start = (nint)what, Length = text.Length };
            var message = new SocketMessage { Name = (nint)to, NameLength = (uint)address.Length, Parts = (nint)(&part), PartCount = 1 };
            if (kept is not null)
                (message.Control, message.ControlLength) = ((nint)(&rights), sizeof(SocketMessage.Rights));
            Kernel.Check(Kernel.Call(Syscall.Sendmsg, socket.Number, (nint)(&message), 0), "tell the service manager at", name);
        }
    }

    /// <summary>The descriptors that an earlier process of this service has left with the service manager, by name.</summary>
    public static IReadOnlyDictionary<string, FileDescriptor> TakeKept()
    {
        var kept = new Dictionary<string, FileDescriptor>(StringComparer.Ordinal);
        if (Environment.GetEnvironmentVariable("LISTEN_PID") != $"{Environment.ProcessId}" || !int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), out var count))
            return kept;
        var names = (Environment.GetEnvironmentVariable("LISTEN_FDNAMES") ?? "").Split(':');
        for (var i = 0; i < count; i++)
        {
            var descriptor = new FileDescriptor(FirstDescriptor + i);
            if (i >= names.Length || !kept.TryAdd(names[i], descriptor))
                descriptor.Dispose();
        }
        return kept;
    }

    // unix(7): a name that begins with NUL is in no file system; "@" stands for it.
    private static byte[] AddressOf(string name)
    {
        var path = Encoding.UTF8.GetBytes(name);
        if (path[0] == '@')
            path[0] = 0;
        var address = new byte[2 + path.Length + (path[0] == 0 ? 0 : 1)];
        address[0] = AF_UNIX;
        path.CopyTo(address, 2);
        return address;
    }
}

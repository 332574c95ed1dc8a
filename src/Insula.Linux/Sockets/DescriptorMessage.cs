using Insula.Linux.Syscalls;

namespace Insula.Linux.Sockets;

/// <summary>Messages over a local socket that may carry a descriptor (SCM_RIGHTS, unix(7)).</summary>
public static unsafe class DescriptorMessage
{
    private const int MSG_NOSIGNAL = 0x4000, MSG_CMSG_CLOEXEC = 0x40000000;

    /// <summary>Sends bytes with a descriptor. Gives back the kernel's own result.</summary>
    public static long TrySend(FileDescriptor socket, ReadOnlySpan<byte> bytes, FileDescriptor carried, int flags = 0)
    {
        var rights = SocketMessage.Rights.Of(carried.Number);
        fixed (byte* start = bytes)
        {
            var part = new SocketMessage.Part { Start = (nint)start, Length = bytes.Length };
            var message = new SocketMessage { Parts = (nint)(&part), PartCount = 1, Control = (nint)(&rights), ControlLength = sizeof(SocketMessage.Rights) };
            return Kernel.Call(Syscall.Sendmsg, socket.Number, (nint)(&message), MSG_NOSIGNAL | flags);
        }
    }

    /// <summary>Receives bytes, as read(2) does. Gives back the kernel's own result.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="carried">The descriptor that came with them, close-on-exec; of several the first.</param>
    /// <param name="flags">MSG_*.</param>
    public static long TryReceive(FileDescriptor socket, Span<byte> buffer, out FileDescriptor? carried, int flags = 0)
    {
        carried = null;
        var rights = default(SocketMessage.Rights);
        fixed (byte* start = buffer)
        {
            var part = new SocketMessage.Part { Start = (nint)start, Length = buffer.Length };
            var message = new SocketMessage { Parts = (nint)(&part), PartCount = 1, Control = (nint)(&rights), ControlLength = SocketMessage.Rights.Used };
            var result = Kernel.Call(Syscall.Recvmsg, socket.Number, (nint)(&message), MSG_CMSG_CLOEXEC | flags);
            // There is room for one: the kernel closes what does not fit.
            if (result >= 0 && message.ControlLength >= SocketMessage.Rights.Used && rights.HasDescriptor)
                carried = new FileDescriptor(rights.Descriptor);
            return result;
        }
    }
}

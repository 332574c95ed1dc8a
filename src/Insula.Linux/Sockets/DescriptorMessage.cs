using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Sockets;

/// <summary>Messages over a local socket that may carry a descriptor (SCM_RIGHTS, unix(7)).</summary>
public static unsafe class DescriptorMessage
{
    private const int SOL_SOCKET = 1, SCM_RIGHTS = 1;
    private const int MSG_NOSIGNAL = 0x4000, MSG_CMSG_CLOEXEC = 0x40000000;

    /// <summary>Sends bytes with a descriptor. Gives back the kernel's own result.</summary>
    public static long TrySend(FileDescriptor socket, ReadOnlySpan<byte> bytes, FileDescriptor carried, int flags = 0)
    {
        var rights = new Rights { Length = Rights.Used, Level = SOL_SOCKET, Type = SCM_RIGHTS, Descriptor = carried.Number };
        fixed (byte* start = bytes)
        {
            var part = new Part { Start = (nint)start, Length = bytes.Length };
            var message = new Message { Parts = (nint)(&part), PartCount = 1, Control = (nint)(&rights), ControlLength = sizeof(Rights) };
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
        var rights = default(Rights);
        fixed (byte* start = buffer)
        {
            var part = new Part { Start = (nint)start, Length = buffer.Length };
            var message = new Message { Parts = (nint)(&part), PartCount = 1, Control = (nint)(&rights), ControlLength = Rights.Used };
            var result = Kernel.Call(Syscall.Recvmsg, socket.Number, (nint)(&message), MSG_CMSG_CLOEXEC | flags);
            // There is room for one: the kernel closes what does not fit.
            if (result >= 0 && message.ControlLength >= Rights.Used && rights is { Level: SOL_SOCKET, Type: SCM_RIGHTS })
                carried = new FileDescriptor(rights.Descriptor);
            return result;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        public nint Start;
        public nint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public nint Name;
        public uint NameLength;
        public nint Parts;
        public nint PartCount;
        public nint Control;
        public nint ControlLength;
        public int Flags;
    }

    /// <summary>struct cmsghdr with one descriptor, padded to the alignment of the next.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Rights
    {
        public const int Used = 20;

        public nint Length;
        public int Level;
        public int Type;
        public int Descriptor;
        public int Padding;
    }
}

using System.Runtime.InteropServices;

namespace Insula.Linux.Sockets;

/// <summary>struct msghdr: what sendmsg(2) and recvmsg(2) take.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketMessage
{
    public nint Name;
    public uint NameLength;
    public nint Parts;
    public nint PartCount;
    public nint Control;
    public nint ControlLength;
    public int Flags;

    /// <summary>struct iovec: bytes to be sent, or room for some.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Part
    {
        public nint Start;
        public nint Length;
    }

    /// <summary>struct cmsghdr with one descriptor, padded to the alignment of the next (SCM_RIGHTS, unix(7)).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Rights
    {
        /// <summary>Bytes without the padding.</summary>
        public const int Used = 20;

        private const int SOL_SOCKET = 1, SCM_RIGHTS = 1;

        public nint Length;
        public int Level;
        public int Type;
        public int Descriptor;
        public int Padding;

        /// <summary>What passes a descriptor on.</summary>
        public static Rights Of(int descriptor) => new() { Length = Used, Level = SOL_SOCKET, Type = SCM_RIGHTS, Descriptor = descriptor };

        /// <summary>True if a descriptor has come with it.</summary>
        public readonly bool HasDescriptor => this is { Level: SOL_SOCKET, Type: SCM_RIGHTS };
    }
}

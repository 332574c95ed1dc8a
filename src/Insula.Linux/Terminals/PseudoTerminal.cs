using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Terminals;

/// <summary>
/// The master of a new pseudo-terminal (pts(4)). Its slave is opened through the master itself (TIOCGPTPEER, Linux 4.13), never by
/// its path: in a container the path is the container's to change (CVE-2016-10124, CVE-2025-52565).
/// </summary>
public sealed unsafe class PseudoTerminal : IDisposable
{
    internal const int TIOCGPTN = unchecked((int)0x80045430);
    internal const int TIOCSPTLCK = 0x40045431;
    internal const int TIOCGPTPEER = 0x5441;

    /// <summary>DEVPTS_SUPER_MAGIC of linux/magic.h.</summary>
    internal const long DevptsMagic = 0x1cd1;

    private PseudoTerminal(FileDescriptor master, int number)
    {
        Master = master;
        Number = number;
    }

    /// <summary>The master's side: what a program writes to the terminal is read here.</summary>
    public FileDescriptor Master { get; }

    /// <summary>N of /dev/pts/N in the devpts it belongs to.</summary>
    public int Number { get; }

    /// <summary>A new one of the host's.</summary>
    /// <exception cref="LinuxException">ENOSPC: there are as many as the host allows (kernel.pty.max).</exception>
    public static PseudoTerminal OpenHost() => SetUp(Files.Open("/dev/ptmx", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal), "/dev/ptmx");

    /// <summary>A new one in a container's devpts, so that ttyname(3) and /dev/pts inside agree.</summary>
    /// <param name="devpts">
    /// An O_PATH descriptor of the container's /dev/pts. What is mounted there is the container's to choose, so it is looked at first.
    /// </param>
    /// <exception cref="LinuxException">Not a devpts (ENODEV); the container has as many as it may (ENOSPC).</exception>
    public static PseudoTerminal OpenIn(FileDescriptor devpts)
    {
        const string name = "/dev/pts/ptmx of the container";
        if (FileSystemMagic(devpts) != DevptsMagic)
            throw new LinuxException("open a terminal in", "the container's /dev/pts", Errno.ENODEV, "it is not a devpts; is /dev/pts mounted over in the container?");
        var opened = Files.TryOpenAt2(
            devpts.Number, "ptmx", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal,
            ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks | ResolveFlags.NoCrossMount);
        return SetUp(new FileDescriptor((int)Kernel.Check(opened, "open", name)), name);
    }

    /// <summary>Opens the slave, without making it the controlling terminal of anybody.</summary>
    public FileDescriptor OpenPeer()
    {
        var flags = Files.NativeFlags(OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);
        return new FileDescriptor((int)Kernel.Check(
            Kernel.Call(Syscall.IoCtl, Master.Number, TIOCGPTPEER, flags), "open the other side of", $"pseudo-terminal {Number}"));
    }

    /// <inheritdoc/>
    public void Dispose() => Master.Dispose();

    private static PseudoTerminal SetUp(FileDescriptor master, string name)
    {
        try
        {
            var unlocked = 0;
            Kernel.Check(Kernel.Call(Syscall.IoCtl, master.Number, TIOCSPTLCK, (nint)(&unlocked)), "unlock a terminal from", name);
            uint number;
            Kernel.Check(Kernel.Call(Syscall.IoCtl, master.Number, TIOCGPTN, (nint)(&number)), "number a terminal from", name);
            return new PseudoTerminal(master, (int)number);
        }
        catch (LinuxException)
        {
            master.Dispose();
            throw;
        }
    }

    private static long FileSystemMagic(FileDescriptor directory)
    {
        var status = default(FileSystemStatus);
        Kernel.Check(Kernel.Call(Syscall.Fstatfs, directory.Number, (nint)(&status)), "look at", "the container's /dev/pts");
        return status.Type;
    }

    /// <summary>struct statfs of asm-generic/statfs.h on 64-bit architectures: 120 bytes, of which the first field is of interest.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 120)]
    internal struct FileSystemStatus
    {
        public long Type;
    }
}

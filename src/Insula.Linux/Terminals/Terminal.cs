using Insula.Linux.Syscalls;

namespace Insula.Linux.Terminals;

/// <summary>What tty_ioctl(4) says and sets, on any descriptor of a terminal. Request numbers are those of asm-generic/ioctls.h.</summary>
public static unsafe class Terminal
{
    internal const int TCGETS = 0x5401;
    internal const int TCSETS = 0x5402;
    internal const int TCSETSW = 0x5403;
    internal const int TIOCSCTTY = 0x540E;
    internal const int TIOCGWINSZ = 0x5413;
    internal const int TIOCSWINSZ = 0x5414;

    /// <summary>ioctl(TIOCSCTTY) for a launch plan: after setsid(2), the terminal becomes the session's controlling one.</summary>
    public const int TakeAsControlling = TIOCSCTTY;

    /// <summary>True if the descriptor is a terminal, as isatty(3).</summary>
    public static bool IsTerminal(FileDescriptor descriptor) => TryGetSettings(descriptor, out _) == Errno.None;

    /// <summary>The settings. On a pseudo-terminal's master these are the slave's.</summary>
    /// <returns>ENOTTY when it is no terminal, EIO when it is hung up.</returns>
    public static Errno TryGetSettings(FileDescriptor terminal, out TerminalSettings settings)
    {
        fixed (TerminalSettings* pointer = &settings)
            return Kernel.ErrnoOf(Kernel.Call(Syscall.IoCtl, terminal.Number, TCGETS, (nint)pointer));
    }

    /// <summary>Changes the settings at once, or with <paramref name="drain"/> when all output has gone out (which a stopped terminal never lets happen).</summary>
    public static Errno TrySetSettings(FileDescriptor terminal, in TerminalSettings settings, bool drain = false)
    {
        fixed (TerminalSettings* pointer = &settings)
            return Kernel.ErrnoOf(Kernel.Call(Syscall.IoCtl, terminal.Number, drain ? TCSETSW : TCSETS, (nint)pointer));
    }

    /// <summary>The window's size; ENOTTY when it is no terminal.</summary>
    public static Errno TryGetWindowSize(FileDescriptor terminal, out WindowSize size)
    {
        fixed (WindowSize* pointer = &size)
            return Kernel.ErrnoOf(Kernel.Call(Syscall.IoCtl, terminal.Number, TIOCGWINSZ, (nint)pointer));
    }

    /// <summary>Sets the window's size; the terminal's foreground process group gets SIGWINCH if it changes.</summary>
    public static Errno TrySetWindowSize(FileDescriptor terminal, WindowSize size)
        => Kernel.ErrnoOf(Kernel.Call(Syscall.IoCtl, terminal.Number, TIOCSWINSZ, (nint)(&size)));
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Insula.Linux.Terminals;

/// <summary>
/// struct termios of asm/termbits.h, as ioctl(TCGETS) fills it: how a terminal treats what passes through it. The same on x86-64 and
/// arm64; not the libc's structure, which is longer.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct TerminalSettings : IEquatable<TerminalSettings>
{
    internal const uint IGNBRK = 0x1, BRKINT = 0x2, PARMRK = 0x8, ISTRIP = 0x20, INLCR = 0x40, IGNCR = 0x80, ICRNL = 0x100, IXON = 0x400;
    internal const uint OPOST = 0x1;
    internal const uint ISIG = 0x1, ICANON = 0x2, ECHO = 0x8, ECHONL = 0x40, IEXTEN = 0x8000;
    internal const uint CSIZE = 0x30, PARENB = 0x100, CS8 = 0x30;
    internal const int VEOF = 4, VTIME = 5, VMIN = 6;

    internal uint InputModes;
    internal uint OutputModes;
    internal uint ControlModes;
    internal uint LocalModes;
    internal byte LineDiscipline;
    internal ControlCharacters Characters;

    /// <summary>c_cc, NCCS bytes.</summary>
    [InlineArray(19)]
    internal struct ControlCharacters
    {
        private byte _first;
    }

    /// <summary>True when whole lines are collected and edited before a program gets them (ICANON).</summary>
    public readonly bool IsLineMode => (LocalModes & ICANON) != 0;

    /// <summary>True when what is typed is shown (ECHO).</summary>
    public readonly bool Echoes => (LocalModes & ECHO) != 0;

    /// <summary>The character that means end of input in line mode, usually Control-D.</summary>
    public readonly byte EndOfInput => Characters[VEOF];

    /// <summary>These settings with every byte passed on as it is and no character with a meaning, as cfmakeraw(3) does.</summary>
    public readonly TerminalSettings ToRaw()
    {
        var raw = this;
        raw.InputModes &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
        raw.OutputModes &= ~OPOST;
        raw.LocalModes &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
        raw.ControlModes = (raw.ControlModes & ~(CSIZE | PARENB)) | CS8;
        raw.Characters[VMIN] = 1;
        raw.Characters[VTIME] = 0;
        return raw;
    }

    /// <inheritdoc/>
    public readonly bool Equals(TerminalSettings other)
        => InputModes == other.InputModes && OutputModes == other.OutputModes && ControlModes == other.ControlModes
            && LocalModes == other.LocalModes && LineDiscipline == other.LineDiscipline
            && ((ReadOnlySpan<byte>)Characters).SequenceEqual(other.Characters);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is TerminalSettings other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(InputModes, OutputModes, ControlModes, LocalModes, LineDiscipline);

    /// <summary>The same in every field.</summary>
    public static bool operator ==(TerminalSettings left, TerminalSettings right) => left.Equals(right);

    /// <summary>Different in some field.</summary>
    public static bool operator !=(TerminalSettings left, TerminalSettings right) => !left.Equals(right);
}

/// <summary>struct winsize of asm/termios.h.</summary>
/// <param name="Rows">Lines of text.</param>
/// <param name="Columns">Characters in a line.</param>
/// <param name="PixelWidth">Usually 0.</param>
/// <param name="PixelHeight">Usually 0.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct WindowSize(ushort Rows, ushort Columns, ushort PixelWidth = 0, ushort PixelHeight = 0);

using System.Runtime.InteropServices;

namespace Insula.Engine.Watching;

/// <summary>What the program in the kernel notes of the end of a pid namespace's first process.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ExitEntry
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 24;

    /// <summary>When it was started, in nanoseconds since boot: what field 22 of /proc/PID/stat gives in ticks.</summary>
    public ulong Started;

    /// <summary>The process's status.</summary>
    public int Status;

    /// <summary>0, or the status that wait(2) gives instead after reboot(2) in the namespace.</summary>
    public int Reboot;

    /// <summary>When it ended, in nanoseconds since boot.</summary>
    public ulong Ended;
}

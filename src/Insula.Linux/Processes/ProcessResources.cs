using System.Globalization;
using Insula.Linux.Cgroups;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>What one process holds, as /proc/PID tells (proc_pid_status(5), proc_pid_statm(5)).</summary>
/// <param name="Uid">Its real user.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="DataPages">Pages of private writable address space: data, heap, anonymous mappings and stack, touched or not.</param>
/// <param name="LockedKiB">Memory locked by mlock(2) and the like, in KiB.</param>
/// <param name="QueuedSignals">Signals queued for its user in its user namespace; the same number for every process of that user.</param>
/// <param name="Descriptors">Open file descriptors.</param>
public readonly record struct ProcessResources(uint Uid, int Threads, long DataPages, long LockedKiB, long QueuedSignals, int Descriptors)
{
    /// <summary>Reads them; null if the process is gone.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="procDirectory">/proc, or what a test puts in its place.</param>
    public static ProcessResources? TryRead(int pid, string procDirectory = "/proc")
    {
        var directory = string.Create(CultureInfo.InvariantCulture, $"{procDirectory}/{pid}");
        // It may end at any moment: ENOENT when opened, ESRCH when read.
        if (CgroupFile.Read(Files.CurrentDirectory, $"{directory}/status", out var status) != Errno.None
            || CgroupFile.Read(Files.CurrentDirectory, $"{directory}/statm", out var statm) != Errno.None
            || CountDescriptors($"{directory}/fd") is not { } descriptors)
            return null;
        return Parse(status, statm, descriptors);
    }

    /// <summary>Works them out from the text of status and statm.</summary>
    internal static ProcessResources Parse(string status, string statm, int descriptors)
    {
        var result = new ProcessResources(0, 0, Word(statm, 5), 0, 0, descriptors);
        foreach (var line in status.AsSpan().EnumerateLines())
        {
            // "Uid:	1000	1000	1000	1000", "Threads:	4", "VmLck:	      64 kB", "SigQ:	0/96364"
            if (line.StartsWith("Uid:"))
                result = result with { Uid = (uint)Leading(line[4..]) };
            else if (line.StartsWith("Threads:"))
                result = result with { Threads = (int)Leading(line[8..]) };
            else if (line.StartsWith("VmLck:"))
                result = result with { LockedKiB = Leading(line[6..]) };
            else if (line.StartsWith("SigQ:"))
                result = result with { QueuedSignals = Leading(line[5..]) };
        }
        return result;
    }

    // Since Linux 6.2 the size of the directory is the number of descriptors; before, it is 0 and they have to be listed.
    private static int? CountDescriptors(string path)
    {
        if (FileStatus.TryGet(path, out var status) < 0)
            return null;
        return status.Size > 0 ? (int)status.Size : List(path);
    }

    // Names alone: what they lead to may be a file that the reader itself serves, and that would then wait for itself.
    private static int? List(string path)
    {
        try
        {
            using var directory = Files.Open(path, OpenFlags.Directory);
            return DirectoryReader.Read(directory, path).Count;
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    private static long Word(string text, int index)
    {
        var rest = text.AsSpan();
        for (var i = 0; i < index; i++)
        {
            var blank = rest.IndexOf(' ');
            if (blank < 0)
                return 0;
            rest = rest[(blank + 1)..];
        }
        return Leading(rest);
    }

    private static long Leading(ReadOnlySpan<char> text)
    {
        text = text.TrimStart(" \t");
        var length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        return long.TryParse(text[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }
}

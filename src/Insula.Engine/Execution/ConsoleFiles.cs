using System.Globalization;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.FileTrees;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Execution;

/// <summary>
/// RUNDIR/console/CTID.N and its neighbours: who holds a console, who is attached to it, and what it said while nobody was. Only root
/// reaches the directory.
/// </summary>
internal sealed class ConsoleFiles(HostLayout layout, Ctid ctid, int number)
{
    private const int LongestBacklog = 16384;

    private string Directory => Path.Combine(layout.RunDirectory, "console");

    private string NotePath => Path.Combine(Directory, $"{ctid}.{number}");

    private string BacklogPath => NotePath + ".backlog";

    /// <summary>Makes the directory.</summary>
    public void Prepare()
        => System.IO.Directory.CreateDirectory(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>The right to be attached; null if somebody is.</summary>
    public LeaseLock? TryAttach() => LeaseLock.TryTakeExclusive(NotePath + ".attached");

    /// <summary>The right to hold the console; null if another holder has it.</summary>
    public LeaseLock? TryHold() => LeaseLock.TryTakeExclusive(NotePath + ".held");

    /// <summary>Tells where the console's terminal is: in this process, under a descriptor number; and which process runs on it.</summary>
    public void Note(FileDescriptor master, int session)
    {
        var start = ProcessStatus.TryReadStartTime(Environment.ProcessId);
        File.WriteAllText(NotePath + ".tmp", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {start} {master.Number} {session}\n"));
        File.Move(NotePath + ".tmp", NotePath, overwrite: true);
    }

    /// <summary>The process that holds the console, its descriptor of the terminal, and the session's process; null if nobody does.</summary>
    public (PidFd Holder, int Master, int Session)? TryFindHolder()
    {
        if (!File.Exists(NotePath))
            return null;
        var words = File.ReadAllText(NotePath).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 4 || !int.TryParse(words[0], out var pid) || !ulong.TryParse(words[1], out var start)
            || !int.TryParse(words[2], out var master) || !int.TryParse(words[3], out var session))
            return null;
        var holder = PidFd.TryOpen(pid);
        if (holder != null && ProcessStatus.TryReadStartTime(pid) == start && !holder.HasEnded)
            return (holder, master, session);
        holder?.Dispose();
        return null;
    }

    /// <summary>Keeps the end of what the console said.</summary>
    public void SaveBacklog(ReadOnlySpan<byte> said)
    {
        var old = File.Exists(BacklogPath) ? File.ReadAllBytes(BacklogPath) : [];
        byte[] all = [.. old, .. said];
        File.WriteAllBytes(BacklogPath, all.Length > LongestBacklog ? all[^LongestBacklog..] : all);
    }

    /// <summary>What the console said while nobody was attached; it is forgotten then.</summary>
    public byte[] TakeBacklog()
    {
        var said = File.Exists(BacklogPath) ? File.ReadAllBytes(BacklogPath) : [];
        File.Delete(BacklogPath);
        return said;
    }

    /// <summary>Takes the notes of a console that has ended away.</summary>
    public void Clear()
    {
        foreach (var path in new[] { NotePath, BacklogPath, NotePath + ".attached", NotePath + ".held" })
            File.Delete(path);
        if (!System.IO.Directory.EnumerateFileSystemEntries(Directory).Any())
            System.IO.Directory.Delete(Directory);
    }
}

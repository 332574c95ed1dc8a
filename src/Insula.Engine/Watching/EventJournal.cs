using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>
/// RUNDIR/events: where commands and the daemon write down what has happened, a line of JSON each, for the daemon to read. It is the daemon that
/// makes the file; without it nothing is written. Appending is a few system calls on a file in memory and waits for nobody, so events never hold
/// up or fail a command; and none is lost while the daemon is down or being replaced.
/// </summary>
/// <param name="layout">Where things are.</param>
public sealed class EventJournal(HostLayout layout)
{
    /// <summary>A file that has grown to this size, because no daemon has exchanged it, gets no more events. Bytes.</summary>
    public const long FullSize = 1 << 20;

    internal const int LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4;

    private const int Attempts = 4;

    /// <summary>The file.</summary>
    public static string FileOf(HostLayout layout) => Path.Combine(layout.RunDirectory, "events");

    /// <summary>Writes down an event, if anybody cares.</summary>
    public void Note(Ctid ctid, EventKind kind, string detail = "")
    {
        var line = new ContainerEvent(DateTime.UtcNow, ctid, kind, detail).ToLine(null);
        for (var attempt = 0; attempt < Attempts && !TryAppend(line); attempt++)
            Thread.Sleep(attempt);
    }

    // True if there is nothing more to try.
    private bool TryAppend(byte[] line)
    {
        var path = FileOf(layout);
        var opened = Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        if (opened < 0)
            return true;
        using var file = new FileDescriptor((int)opened);
        // Whoever exchanges the file for an empty one locks it for himself; then the name leads to the new one in a moment.
        if (Kernel.Call(Syscall.FLock, file.Number, LOCK_SH | LOCK_NB) < 0 || !IsAt(file, path, out var size))
            return false;
        // One write, so that lines of several commands do not mix. If there is no memory left for it the event is lost: nobody is to fail for that.
        if (size < FullSize)
            Files.TryWrite(file, line);
        return true;
    }

    internal static bool IsAt(FileDescriptor file, string path, out long size)
    {
        var own = FileStatus.Of(file, path);
        size = own.Size;
        return FileStatus.TryGet(path, out var named) == 0 && named.Inode == own.Inode && named.Device == own.Device;
    }
}

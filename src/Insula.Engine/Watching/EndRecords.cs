using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>RUNDIR/ended/CTID: how containers ended that no command has stopped, and which of them are to be started again.</summary>
/// <param name="layout">Where things are.</param>
public sealed class EndRecords(HostLayout layout)
{
    private string Directory => Path.Combine(layout.RunDirectory, "ended");

    /// <summary>Remembers an end.</summary>
    /// <exception cref="InsulaException">139: it cannot be written.</exception>
    public void Save(Ctid ctid, EndRecord record)
    {
        System.IO.Directory.CreateDirectory(Directory);
        AtomicFile.Replace(PathOf(ctid), Encoding.ASCII.GetBytes(record.ToLine()), durable: false);
    }

    /// <summary>The last end; null if none is known.</summary>
    public EndRecord? Find(Ctid ctid)
        => Files.TryReadText(Files.CurrentDirectory, PathOf(ctid), out var text) == Errno.None ? EndRecord.Parse(text) : null;

    /// <summary>All of them.</summary>
    public IReadOnlyList<(Ctid Ctid, EndRecord Record)> All()
    {
        var all = new List<(Ctid, EndRecord)>();
        if (!System.IO.Directory.Exists(Directory))
            return all;
        foreach (var path in System.IO.Directory.EnumerateFiles(Directory))
        {
            if (Ctid.TryParse(Path.GetFileName(path.AsSpan()), out var ctid) && Find(ctid) is { } record)
                all.Add((ctid, record));
        }
        return all;
    }

    /// <summary>The container has been started: it is not to be started any more, but how often it ended quickly still counts.</summary>
    public void NoteStarted(Ctid ctid)
    {
        if (Find(ctid) is { Due: not null } record)
            Save(ctid, record with { Due = null });
    }

    /// <summary>A command has stopped the container, or it is no more.</summary>
    public void Forget(Ctid ctid)
    {
        if (System.IO.Directory.Exists(Directory))
            File.Delete(PathOf(ctid));
    }

    private string PathOf(Ctid ctid) => Path.Combine(Directory, ctid.ToString());
}

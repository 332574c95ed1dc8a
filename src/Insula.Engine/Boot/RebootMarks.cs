using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Host;

namespace Insula.Engine.Boot;

/// <summary>
/// Which containers run, for the time after the host's next boot: a file for each, CTID, beside the templates, on disk. A container whose
/// configuration does not say whether to start at boot is started if it ran before. The mark is made when a container starts and goes when
/// it is stopped, so a power cut leaves it. It holds the id of the boot it is from; a mark that the host's shutdown left has none.
/// </summary>
/// <param name="layout">Where they are.</param>
public sealed class RebootMarks(HostLayout layout)
{
    private const string FromShutdown = "shutdown";

    /// <summary>A container has started.</summary>
    /// <exception cref="InsulaException">139: the mark cannot be written.</exception>
    public void NoteRunning(Ctid ctid) => Write(ctid, RuntimeState.BootId());

    /// <summary>A running container is about to be stopped because the host goes down.</summary>
    /// <exception cref="InsulaException">139: the mark cannot be written.</exception>
    public void KeepForBoot(Ctid ctid) => Write(ctid, FromShutdown);

    /// <summary>A container has stopped. A mark of the host's shutdown stays.</summary>
    public void NoteStopped(Ctid ctid)
    {
        if (Read(ctid) != FromShutdown)
            Forget(ctid);
    }

    /// <summary>A container is no more.</summary>
    public void Forget(Ctid ctid)
    {
        if (Directory.Exists(layout.RebootMarkDirectory))
            File.Delete(PathOf(ctid));
    }

    /// <summary>True if the container ran when the host went down, or lost power.</summary>
    public bool RanBeforeBoot(Ctid ctid) => Read(ctid) is { } text && text != RuntimeState.BootId();

    private string PathOf(Ctid ctid) => Path.Combine(layout.RebootMarkDirectory, ctid.ToString());

    private string? Read(Ctid ctid) => File.Exists(PathOf(ctid)) ? File.ReadAllText(PathOf(ctid)).Trim() : null;

    private void Write(Ctid ctid, string text)
    {
        Directory.CreateDirectory(layout.RebootMarkDirectory);
        AtomicFile.Replace(PathOf(ctid), System.Text.Encoding.ASCII.GetBytes(text + "\n"), durable: false);
    }
}

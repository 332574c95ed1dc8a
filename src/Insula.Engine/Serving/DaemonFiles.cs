using Insula.Engine.Host;

namespace Insula.Engine.Serving;

/// <summary>Where the daemon keeps its things.</summary>
/// <param name="layout">This host's places.</param>
public sealed class DaemonFiles(HostLayout layout)
{
    /// <summary>RUNDIR/proc: a directory for each running container.</summary>
    public string MountPoint => Path.Combine(layout.RunDirectory, "proc");

    /// <summary>RUNDIR/insulad.lock: held by the daemon.</summary>
    public string LockFile => Path.Combine(layout.RunDirectory, "insulad.lock");

    /// <summary>RUNDIR/insulad.sock: the API.</summary>
    public string Socket => Path.Combine(layout.RunDirectory, "insulad.sock");

    /// <summary>RUNDIR/insulad: which process is the keeper and which descriptors it has, for the one that takes over.</summary>
    public string StateFile => Path.Combine(layout.RunDirectory, "insulad");

    /// <summary>RUNDIR/insulad.lost: there while running containers wait for their files to be mounted again.</summary>
    public string LostFile => Path.Combine(layout.RunDirectory, "insulad.lost");

    /// <summary>RUNDIR/insulad.starts: locked by starts that are under way, and against them by a daemon that ends.</summary>
    public string StartsFile => Path.Combine(layout.RunDirectory, "insulad.starts");

    /// <summary>RUNDIR/insulad.load: load averages, for the worker that comes next.</summary>
    public string LoadFile => Path.Combine(layout.RunDirectory, ProcFs.ContainerViews.LoadFileName);
}

using Insula.Engine.Containers;
using Insula.Engine.Storage;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Devices;

/// <summary>
/// RUNDIR/CTID/netns: the network namespace of a container that has devices of the host, mounted there so that it outlives the container. Of one that goes
/// with its last process the kernel gives back physical devices, to the first namespace of all, and destroys the others.
/// </summary>
internal sealed class HeldNetwork(RuntimeState runtime, Ctid ctid)
{
    private string PathHere => Path.Combine(runtime.DirectoryOf(ctid), "netns");

    /// <summary>True if it is held, or was.</summary>
    public bool HasTraces => File.Exists(PathHere);

    /// <summary>Holds it, if that is not done yet.</summary>
    /// <param name="pid">A process in it, which cannot end meanwhile.</param>
    public void Hold(int pid)
    {
        if (RootMount.IsMounted(PathHere))
            return;
        Directory.CreateDirectory(runtime.DirectoryOf(ctid));
        File.WriteAllBytes(PathHere, []);
        using var mount = DetachedMount.Clone($"/proc/{pid}/ns/net");
        DetachedMount.Attach(mount, PathHere);
    }

    /// <summary>A socket in it that may move links out; null: it is not held.</summary>
    public RouteSocket? TryOpen() => RootMount.IsMounted(PathHere) ? new RouteSocket(NamespaceEntry.OpenHostSocket(PathHere)) : null;

    /// <summary>Lets it go. May be repeated.</summary>
    public void Release()
    {
        if (!HasTraces)
            return;
        RootMount.Unmount(PathHere);
        File.Delete(PathHere);
    }
}

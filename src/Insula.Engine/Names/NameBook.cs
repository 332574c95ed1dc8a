using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Distributions;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Names;

/// <summary>
/// The names of running containers, where the administrator wants them (NAMES_DOMAIN in vz.conf): all of them in a block of NAMES_FILE for the
/// host, and those of one NAME_GROUP in a block of /etc/hosts of each other. Blocks are made anew from what RUNDIR says, under the allocation
/// lock, so that the last writer is right whatever happened to others.
/// </summary>
internal sealed class NameBook(EngineContext engine)
{
    private const string Title = "containers";
    private const int LargestFile = 8 << 20;

    private string Domain => engine.Global.NamesDomain;

    /// <summary>Publishes a running container's name, or takes back one that it has no more. The caller holds its lock; it is mounted.</summary>
    public void Publish(ContainerContext container, string group, IReadOnlyList<Linux.Netlink.IpAddress> addresses)
    {
        var old = PublishedName.TryRead(engine.Runtime, container.Ctid);
        var wanted = Domain.Length > 0 && addresses.Count > 0
            ? new PublishedName(container.Ctid, group, ContainerLabel.Of(container), addresses)
            : null;
        if (old == null && wanted == null)
        {
            WriteInto(container, []); // a block may be left of another time, or another host
            return;
        }
        using var taken = AllocationLock.Take(engine.Layout, "writing names");
        if (wanted == null)
            PublishedName.Forget(engine.Runtime, container.Ctid);
        else if (!wanted.Equals(old))
            wanted.Write(engine.Runtime);
        Refresh(container, old?.Group ?? "", group);
    }

    /// <summary>Takes a container's name back that does not run any more.</summary>
    public void Withdraw(Ctid ctid)
    {
        if (PublishedName.TryRead(engine.Runtime, ctid) is not { } old)
            return;
        using var taken = AllocationLock.Take(engine.Layout, "writing names");
        PublishedName.Forget(engine.Runtime, ctid);
        Refresh(null, old.Group, "");
    }

    // `own` is the container whose command this is: it is known to be mounted. Who left a group loses the names of the others.
    private void Refresh(ContainerContext? own, string oldGroup, string newGroup)
    {
        var names = PublishedName.ReadAll(engine.Runtime, engine.Layout.RunDirectory);
        Try("the host", () => WriteHost(names));
        if (own != null)
            Try($"CT {own.Ctid}", () => WriteInto(own, LinesFor(names, own.Ctid)));
        foreach (var name in names)
        {
            if (name.Ctid != own?.Ctid && name.Group.Length > 0 && (name.Group == oldGroup || name.Group == newGroup))
                Try($"CT {name.Ctid}", () => WriteIntoOther(name.Ctid, LinesFor(names, name.Ctid)));
        }
    }

    private List<string> LinesFor(IReadOnlyList<PublishedName> names, Ctid reader)
    {
        var group = names.FirstOrDefault(name => name.Ctid == reader)?.Group ?? "";
        return group.Length == 0 ? [] : [.. names.Where(name => name.Group == group && name.Ctid != reader).SelectMany(name => name.HostsLines(Domain, isShort: true))];
    }

    private void WriteHost(IReadOnlyList<PublishedName> names)
    {
        var path = engine.Global.NamesFile;
        var text = Encoding.Latin1.GetString(SmallFile.TryRead(path, LargestFile) ?? []);
        var lines = names.SelectMany(name => name.HostsLines(Domain, isShort: false)).ToList();
        if (lines.Count == 0 && !text.Contains(MarkedBlock.BeginOf(Title), StringComparison.Ordinal))
            return;
        var wanted = MarkedBlock.Replace(text, lines, Title);
        if (wanted != text)
            AtomicFile.Replace(path, Encoding.Latin1.GetBytes(wanted), durable: text.Length > 0);
    }

    private static void WriteInto(ContainerContext container, IReadOnlyList<string> lines)
    {
        using var root = container.OpenFiles();
        WriteInto(container, root, lines);
    }

    private static void WriteInto(ContainerContext container, RootDirectory root, IReadOnlyList<string> lines)
    {
        var (uid, gid) = container.Storage.RootOwner(container.StoragePaths);
        DistributionConfigurator.For(root, uid, gid).SetKnownHosts(lines);
    }

    // Its lock is not ours: it may be stopping. What is opened is looked at then, so that nothing is written into an empty mount point.
    private void WriteIntoOther(Ctid ctid, IReadOnlyList<string> lines)
    {
        if (engine.Store.TryLoad(ctid) is not { } config)
            return;
        var container = new ContainerContext(engine, config);
        using var root = container.OpenFiles();
        if (FileStatus.IsMountRoot(root.Descriptor, container.Root))
            WriteInto(container, root, lines);
    }

    // A name that cannot be written is no reason for a container not to start or stop.
    private void Try(string where, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is InsulaException or LinuxException or IOException or UnauthorizedAccessException)
        {
            engine.Reporter.Warning($"The names of containers could not be written for {where}: {error.Message}");
        }
    }
}

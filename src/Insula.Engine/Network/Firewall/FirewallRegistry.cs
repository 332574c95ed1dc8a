using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.Nftables;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Firewall;

/// <summary>
/// RUNDIR/firewall/CTID: the configurations of the containers for which there is something in the tables, from which they can be made again at any time. It is
/// written before the kernel is told, also for a container that is just being started.
/// </summary>
internal sealed class FirewallRegistry(EngineContext engine)
{
    private const string CountersName = "counters";

    private string Root => DirectoryOf(engine.Layout);

    /// <summary>True if a container is in it.</summary>
    public bool Has(Ctid ctid) => File.Exists(PathOf(ctid));

    /// <summary>Puts a container in.</summary>
    /// <returns>What was there before.</returns>
    public byte[]? Save(ContainerContext container)
    {
        var before = Read(container.Ctid);
        Write(container.Ctid, container.Config.File.ToBytes());
        return before;
    }

    /// <summary>Puts back what <see cref="Save"/> has replaced.</summary>
    public void Restore(Ctid ctid, byte[]? before)
    {
        if (before is null)
            Remove(ctid);
        else
            Write(ctid, before);
    }

    /// <summary>Takes a container out.</summary>
    public void Remove(Ctid ctid)
    {
        if (!Directory.Exists(Root))
            return;
        File.Delete(PathOf(ctid));
        if (!Containers().Any())
            Directory.Delete(Root, recursive: true);
    }

    /// <summary>Everything goes.</summary>
    public static void Clear(HostLayout layout)
    {
        if (Directory.Exists(DirectoryOf(layout)))
            Directory.Delete(DirectoryOf(layout), recursive: true);
    }

    /// <summary>All containers in it.</summary>
    public IReadOnlyList<ContainerFirewall> All()
    {
        var all = new List<ContainerFirewall>();
        foreach (var ctid in Containers())
        {
            if (Read(ctid) is { } bytes)
                all.Add(ContainerFirewall.Of(new ContainerContext(engine, new ContainerConfig(ctid, ConfigFile.Parse(PathOf(ctid), bytes), engine.Global.File))));
        }
        return all;
    }

    /// <summary>Leaves the counters of tables that somebody else has deleted.</summary>
    public static void KeepCounters(HostLayout layout, IReadOnlyCollection<NftCounter> counters)
    {
        if (counters.Count == 0 || !Directory.Exists(DirectoryOf(layout)))
            return;
        var text = new StringBuilder();
        foreach (var counter in counters)
            text.Append(CultureInfo.InvariantCulture, $"{counter.Name} {counter.Packets} {counter.Bytes}\n");
        AtomicFile.Replace(Path.Combine(DirectoryOf(layout), CountersName), Encoding.ASCII.GetBytes(text.ToString()), durable: false);
    }

    /// <summary>Takes those counters.</summary>
    public IReadOnlyList<NftCounter> TakeCounters()
    {
        var path = Path.Combine(Root, CountersName);
        var counters = new List<NftCounter>();
        if (!File.Exists(path))
            return counters;
        foreach (var line in File.ReadLines(path))
        {
            if (line.Split(' ') is [var name, var packets, var bytes]
                && ulong.TryParse(packets, NumberStyles.None, CultureInfo.InvariantCulture, out var p)
                && ulong.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var b))
                counters.Add(new NftCounter(name, p, b));
        }
        File.Delete(path);
        return counters;
    }

    private static string DirectoryOf(HostLayout layout) => Path.Combine(layout.RunDirectory, "firewall");

    private string PathOf(Ctid ctid) => Path.Combine(Root, ctid.ToString());

    private byte[]? Read(Ctid ctid)
    {
        try
        {
            return SmallFile.TryRead(PathOf(ctid), ConfigFile.MaximumSize);
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.SystemError, error.Message, error.Hint, error);
        }
    }

    private void Write(Ctid ctid, byte[] bytes)
    {
        Directory.CreateDirectory(Root);
        AtomicFile.Replace(PathOf(ctid), bytes, durable: false);
    }

    private IEnumerable<Ctid> Containers()
    {
        if (!Directory.Exists(Root))
            yield break;
        foreach (var path in Directory.EnumerateFiles(Root))
        {
            if (Ctid.TryParse(Path.GetFileName(path.AsSpan()), out var ctid))
                yield return ctid;
        }
    }
}

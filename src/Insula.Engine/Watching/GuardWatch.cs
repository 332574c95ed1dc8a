using Insula.Engine.Containers;
using Insula.Engine.Network.Firewall;
using Insula.Engine.Network.Guard;
using Insula.Linux.Nftables;
using Insula.Linux.Polling;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>
/// Notices when another program changes the table that guards the containers' links, or those of their firewall, and has them put back. Our own commands put it back as well, when
/// they start the next container; so nothing is lost while no daemon runs but time.
/// </summary>
internal sealed class GuardWatch : IDisposable
{
    // Whoever flushes everything is about to load new rules: one look afterwards is enough.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(10);

    private readonly EngineContext _engine;
    private readonly EventLoop _loop;
    private readonly TaskRunner _tasks;
    private readonly NftWatch _watch;
    private readonly NftWatch[] _firewall;
    private bool _waiting;

    private GuardWatch(EngineContext engine, EventLoop loop, TaskRunner tasks, NftWatch watch, NftWatch[] firewall)
    {
        _engine = engine;
        _loop = loop;
        _tasks = tasks;
        _watch = watch;
        _firewall = firewall;
        foreach (var each in All)
            loop.Add(each.Descriptor, PollEvents.Input, _ => Read(each));
    }

    private IEnumerable<NftWatch> All => _firewall.Prepend(_watch);

    /// <summary>Starts to watch, and looks once; null if this kernel has no nftables.</summary>
    public static GuardWatch? TryStart(EngineContext engine, EventLoop loop, TaskRunner tasks)
    {
        try
        {
            var watch = new GuardWatch(engine, loop, tasks, Watch(NetworkGuard.Table), [.. HostFirewall.Tables.Select(Watch)]);
            watch.Restore();
            return watch;
        }
        catch (LinuxException error) when (NftSocket.IsMissingFeature(error.Errno))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var each in All)
            each.Dispose();
    }

    private static NftWatch Watch(NftTable table) => new(table, "insulad", "insula", "vzctl", "vznetaddbr");

    private void Read(NftWatch watch)
    {
        if (watch.Read())
            Restore();
    }

    private void Restore()
    {
        if (_waiting)
            return;
        _waiting = true;
        _loop.After(Pause, () =>
        {
            _waiting = false;
            // What came meanwhile is looked at now as well.
            foreach (var each in All)
                each.Read();
            GuardRestoration.KeepCounters(_engine.Layout, _watch.TakeDeletedCounters());
            HostFirewall.KeepCounters(_engine.Layout, [.. _firewall.SelectMany(each => each.TakeDeletedCounters())]);
            _tasks.GuardLinks();
            // A container that was just being started was not noted as running yet.
            _loop.After(SecondLook, _tasks.GuardLinks);
        });
    }
}

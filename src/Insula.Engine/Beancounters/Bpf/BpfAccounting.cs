using System.Globalization;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Parameters;
using Insula.Linux.Bpf;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>The programs and maps of one installation; see <see cref="IBpfAccounting"/>.</summary>
public sealed class BpfAccounting : IBpfAccounting
{
    private static readonly BpfMechanism SwitchedOff = new(false, "UBC_PROGRAMS=no in vz.conf");

    private readonly HostLayout _layout;
    private readonly bool _enabled;
    private readonly BpfDirectory _directory;
    private readonly KernelFields _fields;
    private readonly MechanismFile _mechanisms;

    /// <param name="layout">Where the installation has its run directory.</param>
    /// <param name="enabled">False: nothing more is attached. What was attached before is still read, bounded and released.</param>
    public BpfAccounting(HostLayout layout, bool enabled = true)
    {
        (_layout, _enabled) = (layout, enabled);
        _directory = new BpfDirectory(Path.Combine(layout.RunDirectory, "bpf"));
        _fields = KernelFields.OfThisKernel(Path.Combine(layout.RunDirectory, "bpf.fields"));
        _mechanisms = new MechanismFile(Path.Combine(layout.RunDirectory, "bpf.mechanisms"), _fields);
    }

    /// <inheritdoc/>
    public BpfMechanism MechanismOf(BeancounterResource resource) => _enabled ? _mechanisms.Of(resource) : SwitchedOff;

    /// <inheritdoc/>
    public void Attach(Ctid ctid, int initPid, IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits)
    {
        if (!IBpfAccounting.Resources.Any(IsExact))
            return;
        using var held = BpfLock.Take(_layout);
        using var maps = _directory.OpenOrCreate();
        var attached = false;
        try
        {
            new HostProgramSet(_directory, maps, _fields).Ensure(HostPrograms.Resources.Where(IsExact));
            Forget(ctid, maps);
            var account = Open(ctid, maps, limits);
            maps.Owners.Set(UserNamespaceOf(initPid), account.Value);
            _fields.Save();
            attached = true;
        }
        finally
        {
            if (!attached)
            {
                Forget(ctid, maps);
                RemoveIfUnused(maps);
            }
        }
    }

    /// <inheritdoc/>
    public void AttachGroup(Ctid ctid, ControlGroup group)
    {
        if (!IsExact(BeancounterResources.TcpSockets))
            return;
        using var held = BpfLock.Take(_layout);
        using var maps = _directory.OpenOrCreate();
        if (maps.Containers.TryGet((uint)ctid.Value, out var id))
            InternetSocketAttachment.Attach(group, new AccountId(id), maps, _fields);
        _fields.Save();
    }

    /// <inheritdoc/>
    public void SetLimits(Ctid ctid, IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits)
    {
        if (!_directory.Exists)
            return;
        using var held = BpfLock.Take(_layout);
        using var maps = _directory.OpenOrCreate();
        if (maps.Containers.TryGet((uint)ctid.Value, out var id))
            Bound(maps, new AccountId(id), limits);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<BeancounterResource, BpfCount>? Read(Ctid ctid)
    {
        using var containers = BpfMapSet.TryOpenContainers(_directory.Path);
        using var accounts = BpfMapSet.TryOpenAccounts(_directory.Path);
        return containers != null && accounts != null && containers.TryGet((uint)ctid.Value, out var id) ? Read(accounts, new AccountId(id)) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<Ctid, IReadOnlyDictionary<BeancounterResource, BpfCount>> ReadAll()
    {
        var all = new Dictionary<Ctid, IReadOnlyDictionary<BeancounterResource, BpfCount>>();
        using var containers = BpfMapSet.TryOpenContainers(_directory.Path);
        using var accounts = BpfMapSet.TryOpenAccounts(_directory.Path);
        if (containers is null || accounts is null)
            return all;
        foreach (var (ctid, id) in containers.ReadAll())
        {
            if (Read(accounts, new AccountId(id)) is { } counts)
                all[new Ctid((int)ctid)] = counts;
        }
        return all;
    }

    /// <inheritdoc/>
    public void Release(Ctid ctid)
    {
        if (!_directory.IsBegun)
            return;
        using var held = BpfLock.Take(_layout);
        if (!_directory.Exists)
        {
            // Who made it, or took it away, was killed half-way.
            _directory.Remove();
            return;
        }
        using var maps = _directory.OpenOrCreate();
        Forget(ctid, maps);
        RemoveIfUnused(maps);
    }

    private bool IsExact(BeancounterResource resource) => MechanismOf(resource).Exact;

    private void RemoveIfUnused(BpfMapSet maps)
    {
        if (maps.Containers.IsEmpty)
            _directory.Remove();
    }

    // An account is given its bounds before it has a name, and its name before any program can find it.
    private static AccountId Open(Ctid ctid, BpfMapSet maps, IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits)
    {
        var taken = maps.Containers.ReadAll().Select(entry => new AccountId(entry.Value).Place).ToHashSet();
        uint place = 0;
        while (taken.Contains(place))
            place++;
        if (place >= AccountId.Places)
            throw new InsulaException(ExitCode.SystemError, $"CT {ctid} cannot be counted: {AccountId.Places} containers are counted already");
        maps.State.TryGet(0, out var state);
        maps.State.Set(0, state with { Generation = state.Generation + 1 });
        var account = AccountId.Of(place, state.Generation);
        var unlimited = IBpfAccounting.Resources.ToDictionary(resource => resource, _ => new BarrierLimit(BarrierLimit.Unlimited));
        Bound(maps, account, unlimited);
        Bound(maps, account, limits);
        maps.Accounts.Set(place, new BpfAccount { Id = account.Value });
        maps.Containers.Set((uint)ctid.Value, account.Value);
        return account;
    }

    private static void Bound(BpfMapSet maps, AccountId account, IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits)
    {
        maps.Bounds.TryGet(account.Place, out var bounds);
        foreach (var (resource, bound) in limits)
        {
            if (IBpfAccounting.Resources.Contains(resource))
                bounds[AccountField.IndexOf(resource)] = new BpfBoundRow { Barrier = bound.Barrier, Limit = bound.Limit };
        }
        maps.Bounds.Set(account.Place, bounds);
    }

    private static void Forget(Ctid ctid, BpfMapSet maps)
    {
        if (!maps.Containers.TryGet((uint)ctid.Value, out var id))
            return;
        foreach (var (space, account) in maps.Owners.ReadAll())
        {
            if (account == id)
                maps.Owners.Remove(space);
        }
        maps.Accounts.Set(new AccountId(id).Place, default);
        maps.Containers.Remove((uint)ctid.Value);
    }

    private Dictionary<BeancounterResource, BpfCount>? Read(BpfMap<uint, BpfAccount> accounts, AccountId id)
    {
        if (!accounts.TryGet(id.Place, out var account) || account.Id != id.Value)
            return null;
        var counts = new Dictionary<BeancounterResource, BpfCount>();
        foreach (var resource in IBpfAccounting.Resources.Where(IsExact))
        {
            var row = account.Rows[AccountField.IndexOf(resource)];
            counts[resource] = new BpfCount(row.Held, row.MaxHeld, row.FailCount);
        }
        return counts;
    }

    // user:[4026531837]
    private static uint UserNamespaceOf(int pid)
    {
        var path = $"/proc/{pid}/ns/user";
        var target = new FileInfo(path).LinkTarget;
        return target is ['u', 's', 'e', 'r', ':', '[', .. var number, ']'] && uint.TryParse(number, CultureInfo.InvariantCulture, out var inode)
            ? inode
            : throw new LinuxException("read", path, Errno.ESRCH);
    }
}

using Insula.Engine.Containers;
using Insula.Engine.Distributions;
using Insula.Engine.Distributions.Scripts;
using Insula.Engine.Network;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Storage;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Parts;

/// <summary>What the container's own files say of it: host name, resolver, addresses, passwords.</summary>
public sealed class SettingsPart : ContainerPart
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } =
    [
        NetworkParameters.HostName, NetworkParameters.NameServers, NetworkParameters.SearchDomains, .. InsideInterfaces.Parameters,
        GeneralParameters.UserPassword,
    ];

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo) => Write(container);

    // What a script of the administrator does for this distribution is not done here.
    private static void Write(ContainerContext container)
    {
        var scripts = new DistributionScripts(container);
        // Not by create, which would have to mount: that takes as long as all the rest of it.
        if (File.Exists(OverlayLayout.FreshFile(container.Private)))
            PostCreate(container);
        WithFiles(container, files =>
        {
            if (!scripts.Has(DistributionAction.SetHostName))
                SetHostName(container, files);
            SetInterfaces(container, files, scripts);
            if (!scripts.Has(DistributionAction.SetDns))
                SetDns(container, files);
        });
        File.Delete(OverlayLayout.FreshFile(container.Private));
    }

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        undo.Push("write the old settings", () => Write(before));
        var scripts = new DistributionScripts(container);
        WithFiles(container, files => UpdateFiles(container, files, scripts, changes));
        new ScriptedUpdate(scripts, container, before).Run(init, changes, undo);
        if (Changed(changes, NetworkParameters.HostName))
        {
            undo.Push("set the old host name", () => SetHostName(init, before.HostName));
            SetHostName(init, container.HostName);
        }
    }

    /// <summary>What a fresh container needs once.</summary>
    public static void PostCreate(ContainerContext container)
    {
        var scripts = new DistributionScripts(container);
        if (scripts.Has(DistributionAction.PostCreate))
            scripts.PostCreate();
        else
            WithFiles(container, files => files.PostCreate());
    }

    /// <summary>Sets a password; the container is mounted.</summary>
    public static void SetPassword(ContainerContext container, UserPassword password)
        => WithFiles(container, files => files.SetPassword(password.User, password.Password));

    private static void UpdateFiles(
        ContainerContext container, IDistributionConfigurator files, DistributionScripts scripts, ParameterChanges changes)
    {
        if (Changed(changes, NetworkParameters.HostName, NetworkParameters.Addresses) && !scripts.Has(DistributionAction.SetHostName))
            SetHostName(container, files);
        if (Changed(changes, [.. InsideInterfaces.Parameters]))
            SetInterfaces(container, files, scripts);
        if (Changed(changes, NetworkParameters.NameServers, NetworkParameters.SearchDomains) && !scripts.Has(DistributionAction.SetDns))
            SetDns(container, files);
        if (changes[GeneralParameters.UserPassword] is { } change && change.TryGet(GeneralParameters.UserPassword, out var password)
            && !scripts.Has(DistributionAction.SetUserPassword))
            files.SetPassword(password.User, password.Password);
    }

    private static void WithFiles(ContainerContext container, Action<IDistributionConfigurator> use)
    {
        var (uid, gid) = container.Storage.RootOwner(container.StoragePaths);
        using var root = container.OpenFiles();
        use(DistributionConfigurator.For(root, uid, gid));
    }

    private static IReadOnlyList<IpPrefix> Addresses(ContainerContext container) => NetworkPart.AddressesOf(container);

    // ADD_IP is for venet0; other interfaces are none of its business.
    private static void SetInterfaces(ContainerContext container, IDistributionConfigurator files, DistributionScripts scripts)
    {
        var all = InsideInterfaces.Of(container);
        if (!scripts.Has(DistributionAction.AddIp))
            files.SetInterfaces(all);
        else if (all.Any(link => !link.IsRouted))
            files.SetInterfaces([.. all.Where(link => !link.IsRouted)]);
    }

    // A container of the same group may be about to write its own name into the same /etc/hosts.
    private static void SetHostName(ContainerContext container, IDistributionConfigurator files)
    {
        using var taken = container.Config.TryGet(NetworkParameters.NameGroup, out _) ? AllocationLock.Take(container.Engine.Layout, "writing names") : null;
        files.SetHostName(container.HostName, Addresses(container));
    }

    private static void SetDns(ContainerContext container, IDistributionConfigurator files)
    {
        var resolver = DistributionScripts.Resolver(container);
        files.SetDns(resolver.Servers, resolver.SearchDomains);
    }

    private static void SetHostName(PidFd init, string name)
    {
        using var plan = new LaunchPlan();
        plan.AddJoinAll(init, CloneFlags.NewUser | CloneFlags.NewUts);
        plan.Add("set host name", name, Syscall.SetHostName, name, System.Text.Encoding.UTF8.GetByteCount(name));
        LaunchedTask.Run(plan);
    }
}

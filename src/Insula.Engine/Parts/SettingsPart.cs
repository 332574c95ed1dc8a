using Insula.Engine.Containers;
using Insula.Engine.Distributions;
using Insula.Engine.Network;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Parameters.Kinds;
using Insula.Engine.Storage;
using Insula.Linux.Launch;
using Insula.Linux.Netlink;
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

    private static void Write(ContainerContext container)
        => WithFiles(container, files =>
        {
            // Not by create, which would have to mount: that takes as long as all the rest of it.
            if (File.Exists(OverlayLayout.FreshFile(container.Private)))
                files.PostCreate();
            files.SetHostName(container.HostName, Addresses(container));
            files.SetInterfaces(InsideInterfaces.Of(container));
            SetDns(container, files);
            File.Delete(OverlayLayout.FreshFile(container.Private));
        });

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        undo.Push("write the old settings", () => Write(before));
        WithFiles(container, files => UpdateFiles(container, files, changes));
        if (Changed(changes, NetworkParameters.HostName))
        {
            undo.Push("set the old host name", () => SetHostName(init, before.HostName));
            SetHostName(init, container.HostName);
        }
    }

    /// <summary>What a fresh container needs once.</summary>
    public static void PostCreate(ContainerContext container) => WithFiles(container, files => files.PostCreate());

    /// <summary>Sets a password; the container is mounted.</summary>
    public static void SetPassword(ContainerContext container, UserPassword password)
        => WithFiles(container, files => files.SetPassword(password.User, password.Password));

    private static void UpdateFiles(ContainerContext container, IDistributionConfigurator files, ParameterChanges changes)
    {
        if (Changed(changes, NetworkParameters.HostName, NetworkParameters.Addresses))
            files.SetHostName(container.HostName, Addresses(container));
        if (Changed(changes, [.. InsideInterfaces.Parameters]))
            files.SetInterfaces(InsideInterfaces.Of(container));
        if (Changed(changes, NetworkParameters.NameServers, NetworkParameters.SearchDomains))
            SetDns(container, files);
        if (changes[GeneralParameters.UserPassword] is { } change && change.TryGet(GeneralParameters.UserPassword, out var password))
            files.SetPassword(password.User, password.Password);
    }

    private static void WithFiles(ContainerContext container, Action<IDistributionConfigurator> use)
    {
        var (uid, gid) = container.Storage.RootOwner(container.StoragePaths);
        using var root = container.OpenFiles();
        use(DistributionConfigurator.For(root, uid, gid));
    }

    private static IReadOnlyList<IpPrefix> Addresses(ContainerContext container) => NetworkPart.AddressesOf(container);

    private static void SetDns(ContainerContext container, IDistributionConfigurator files)
    {
        var names = List(container, NetworkParameters.NameServers);
        var domains = List(container, NetworkParameters.SearchDomains);
        var servers = names is [NameServersKind.Inherit, ..] ? HostResolver.Read().Servers : [.. names.Select(IpAddress.Parse)];
        if (domains is [NameServersKind.Inherit, ..])
            domains = HostResolver.Read().SearchDomains;
        files.SetDns(servers, domains);
    }

    private static IReadOnlyList<string> List(ContainerContext container, ParameterDeclaration<IReadOnlyList<string>> parameter)
        => container.Config.TryGet(parameter, out var values) ? values : [];

    private static void SetHostName(PidFd init, string name)
    {
        using var plan = new LaunchPlan();
        plan.AddJoinAll(init, CloneFlags.NewUser | CloneFlags.NewUts);
        plan.Add("set host name", name, Syscall.SetHostName, name, System.Text.Encoding.UTF8.GetByteCount(name));
        LaunchedTask.Run(plan);
    }
}

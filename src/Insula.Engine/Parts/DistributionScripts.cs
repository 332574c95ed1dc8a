using Insula.Engine.ActionScripts;
using Insula.Engine.Containers;
using Insula.Engine.Distributions;
using Insula.Engine.Distributions.Scripts;
using Insula.Engine.Execution;
using Insula.Engine.Operations;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.FileTrees;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Parts;

/// <summary>
/// The administrator's scripts for a container's distribution, which take the place of what is built in, action by action. Those that run in the
/// container get root's rights there and no more, and a limited time.
/// </summary>
internal sealed class DistributionScripts(ContainerContext container)
{
    private static readonly DistributionAction[] s_atStart =
    [
        DistributionAction.PreStart, DistributionAction.AddIp, DistributionAction.SetHostName, DistributionAction.SetDns,
        DistributionAction.SetUserQuota,
    ];

    private readonly TimeSpan _limit = TimeSpan.FromSeconds(container.Engine.Global.ScriptTimeout);

    // A script that did not end will not on the way back either.
    private readonly HashSet<string> _ranOut = [];

    private readonly DistributionFile? _file = DistributionFile.Find(container.Engine.Layout, NameOf(container));

    /// <summary>True if there is anything to run before init.</summary>
    public bool RunAtStart => Array.Exists(s_atStart, Has);

    /// <summary>True if a script does this.</summary>
    public bool Has(DistributionAction action) => _file?.ScriptFor(action) != null;

    /// <summary>Runs what belongs before init, in a container whose network is set up.</summary>
    public void Start(PidFd init)
    {
        if (_file!.IsDefault && NameOf(container) is { } name)
            container.Engine.Reporter.Warning($"There is no {name}.conf for the distribution, using {_file.Path}");
        foreach (var action in s_atStart)
        {
            if (Has(action) && StartEnvironment(action) is { } environment)
                Run(action, init, environment);
        }
    }

    /// <summary>Runs the script of one action in the container, if there is one.</summary>
    /// <exception cref="InsulaException">It failed (79; 74 for a password), did not end in time (15), or is not there (108).</exception>
    public void Run(DistributionAction action, PidFd init, IReadOnlyList<string> environment)
    {
        if (!Has(action) || _ranOut.Contains(_file!.ScriptFor(action)!))
            return;
        Demand(action, new ProgramRunner(container, init).RunScript(_file!.Read(action), environment, _limit));
    }

    /// <summary>Sets a password in a container that does not run: the script's shell is its only process.</summary>
    public void SetPasswordOfStopped(UserPassword password)
    {
        using var input = MemoryFile.Create("insula-script", _file!.Read(DistributionAction.SetUserPassword));
        using var streams = ProgramStreams.WithInput(input);
        var environment = ScriptEnvironment.Password(password.User, password.Password);
        Demand(
            DistributionAction.SetUserPassword,
            new StartOperation(container).RunOnce(ProgramRunner.Shell(), streams.Given, [.. ProgramRunner.Environment, .. environment], _limit));
    }

    /// <summary>Runs POST_CREATE on the host; the container is mounted.</summary>
    public void PostCreate()
    {
        const DistributionAction action = DistributionAction.PostCreate;
        container.Engine.Reporter.Info("Performing postcreate actions");
        var path = _file!.ScriptFor(action)!;
        if (!_file.IsExecutable(action))
            throw new InsulaException(ExitCode.DistributionScript, $"Distribution script {path} is not executable", $"chmod +x {path}");
        Demand(action, HostScript.Run(path, [$"VE_ROOT={container.Root}", $"VEID={container.Ctid}", "HOME=/", "TERM=linux", ProgramRunner.PathVariable]));
    }

    /// <summary>Servers and domains that the container is to have; empty: its own stay.</summary>
    public static HostResolver Resolver(ContainerContext container)
    {
        var names = List(container, NetworkParameters.NameServers);
        var domains = List(container, NetworkParameters.SearchDomains);
        var servers = names is [Parameters.Kinds.NameServersKind.Inherit, ..] ? HostResolver.Read().Servers : [.. names.Select(Linux.Netlink.IpAddress.Parse)];
        if (domains is [Parameters.Kinds.NameServersKind.Inherit, ..])
            domains = HostResolver.Read().SearchDomains;
        return new HostResolver(servers, domains);
    }

    // Null: there is nothing to set.
    private string[]? StartEnvironment(DistributionAction action)
    {
        var addresses = NetworkPart.AddressesOf(container);
        switch (action)
        {
            case DistributionAction.PreStart:
                return [$"VE_STATE={ScriptEnvironment.Starting}", "USERNS=yes"];
            case DistributionAction.AddIp:
                return ScriptEnvironment.Addresses(ScriptEnvironment.Starting, addresses, container.Engine.Global.Ipv6, all: false);
            case DistributionAction.SetHostName:
                return ScriptEnvironment.HostName(ScriptEnvironment.Starting, container.HostName, addresses);
            case DistributionAction.SetDns:
                var (servers, domains) = Resolver(container);
                return servers.Count + domains.Count == 0 ? null : ScriptEnvironment.Dns(ScriptEnvironment.Starting, servers, domains);
            default:
                var users = container.Config.Get(DiskParameters.QuotaUgidLimit, 0);
                if (users == 0)
                    return null;
                Kernel.Check(FileStatus.TryGet(container.Root, out var status), "look at", container.Root);
                return ScriptEnvironment.UserQuota(users, status.Device);
        }
    }

    private void Demand(DistributionAction action, int? code)
    {
        var script = $"Distribution script {_file!.ScriptFor(action)} ({DistributionFile.KeyOf(action)}) of CT {container.Ctid}";
        if (code == null)
        {
            _ranOut.Add(_file.ScriptFor(action)!);
            throw new InsulaException(ExitCode.Timeout, $"{script} did not end within {_limit.TotalSeconds} s and was killed");
        }
        if (code != 0)
        {
            throw new InsulaException(
                action == DistributionAction.SetUserPassword ? ExitCode.SetPassword : ExitCode.ActionScript, $"{script} failed with code {code}");
        }
    }

    private static string? NameOf(ContainerContext container)
        => container.Config.TryGet(GeneralParameters.Distribution, out var name) || container.Config.TryGet(GeneralParameters.OsTemplate, out name) ? name : null;

    private static IReadOnlyList<string> List(ContainerContext container, ParameterDeclaration<IReadOnlyList<string>> parameter)
        => container.Config.TryGet(parameter, out var values) ? values : [];
}

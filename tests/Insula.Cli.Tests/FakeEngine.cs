using System.Globalization;
using Insula.Engine;
using Insula.Engine.Containers;

namespace Insula.Cli.Tests;

/// <summary>An engine that knows container 101, named web, and writes down what it is asked for.</summary>
internal sealed class FakeEngine : IContainerEngine
{
    public IReporter Reporter { get; set; } = null!;

    public EngineOptions Options { get; set; } = null!;

    public List<object> Calls { get; } = [];

    public ContainerStatus Status { get; set; } = new(true, true, true, false);

    public int Result { get; set; }

    /// <summary>Done at the start of whatever is asked for after Resolve.</summary>
    public Action<FakeEngine> OnCall { get; set; } = _ => { };

    public Ctid Resolve(string idOrName)
    {
        if (Ctid.TryParse(idOrName, out var ctid))
            return ctid;
        return idOrName == "web" ? new Ctid(101) : throw new InsulaException(ExitCode.BadValue, $"Bad CT ID {idOrName}");
    }

    public ContainerStatus GetStatus(Ctid ctid)
    {
        Note("status", ctid);
        return ctid.Value == 101 ? Status : default;
    }

    public void Create(Ctid ctid, CreateRequest request) => Note("create", ctid, request);

    public void Destroy(Ctid ctid) => Note("destroy", ctid);

    public void Mount(Ctid ctid) => Note("mount", ctid);

    public void Unmount(Ctid ctid) => Note("umount", ctid);

    public void Start(Ctid ctid, StartRequest request) => Note("start", ctid, request);

    public IReadOnlyList<string> DescribeStart(Ctid ctid)
    {
        Note("describe", ctid);
        return ["clone3", "mount proc on /proc"];
    }

    public void Stop(Ctid ctid, StopRequest request) => Note("stop", ctid, request);

    public void Restart(Ctid ctid, StopRequest stop, StartRequest start) => Note("restart", ctid, stop, start);

    public int Execute(Ctid ctid, ExecuteRequest request)
    {
        Note("execute", ctid, request);
        return Result;
    }

    public int Enter(Ctid ctid, EnterRequest request)
    {
        Note("enter", ctid, request);
        return Result;
    }

    public void HoldConsole(Ctid ctid, int number) => Note("console-holder", ctid, number);

    public void AttachConsole(Ctid ctid, int number) => Note("console", ctid, number.ToString(CultureInfo.InvariantCulture));

    public int RunScript(Ctid ctid, string scriptFile)
    {
        Note("runscript", ctid, scriptFile);
        return Result;
    }

    public void Set(Ctid ctid, SetRequest request) => Note("set", ctid, request);

    public void InitializeQuota(Ctid ctid) => Note("quotainit", ctid);

    public void TurnQuotaOn(Ctid ctid) => Note("quotaon", ctid);

    public void TurnQuotaOff(Ctid ctid) => Note("quotaoff", ctid);

    public IEnumerable<Insula.Engine.Watching.StreamedEvent> ReadEvents(long? since, IReadOnlySet<Ctid> containers)
    {
        Note($"events {since} of {string.Join(',', containers.Order())} for", default);
        return Events;
    }

    /// <summary>What the stream of events gives before it ends.</summary>
    public List<Insula.Engine.Watching.StreamedEvent> Events { get; } = [];

    private void Note(string what, Ctid ctid, params object[] requests)
    {
        Calls.Add($"{what} {ctid}");
        Calls.AddRange(requests);
        OnCall(this);
    }
}

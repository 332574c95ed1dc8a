namespace Insula.Engine.Containers;

/// <summary>
/// Everything a front end can ask for. Each call that changes a container holds its lock, leaves a consistent container behind whenever
/// it is interrupted, and throws <see cref="InsulaException"/> with vzctl's exit code.
/// </summary>
public interface IContainerEngine
{
    /// <summary>The container that a number or a name means.</summary>
    /// <exception cref="InsulaException">21: neither a number nor a known name.</exception>
    Ctid Resolve(string idOrName);

    /// <summary>What state a container is in; every number has one, also if no such container exists.</summary>
    ContainerStatus GetStatus(Ctid ctid);

    /// <summary>Makes a container from a template.</summary>
    void Create(Ctid ctid, CreateRequest request);

    /// <summary>Removes a stopped, unmounted container's files and configuration.</summary>
    void Destroy(Ctid ctid);

    /// <summary>Makes a stopped container's files visible at VE_ROOT.</summary>
    void Mount(Ctid ctid);

    /// <summary>Takes them away again.</summary>
    void Unmount(Ctid ctid);

    /// <summary>Starts a container.</summary>
    void Start(Ctid ctid, StartRequest request);

    /// <summary>The launch plan that <see cref="Start"/> would follow, one step a line; nothing is changed.</summary>
    IReadOnlyList<string> DescribeStart(Ctid ctid);

    /// <summary>Stops a container. One that does not run is told of and is no error.</summary>
    void Stop(Ctid ctid, StopRequest request);

    /// <summary>Stops it if it runs, then starts it, under one lock.</summary>
    void Restart(Ctid ctid, StopRequest stop, StartRequest start);

    /// <summary>Runs a program in a running container and waits for it.</summary>
    /// <returns>Its exit code, 128 + signal, 126 not executable, 127 not found.</returns>
    int Execute(Ctid ctid, ExecuteRequest request);

    /// <summary>A login shell of the container's root on a terminal of the container, connected to the caller's terminal.</summary>
    int Enter(Ctid ctid, EnterRequest request);

    /// <summary>Connects the caller's terminal to a console of the container.</summary>
    void AttachConsole(Ctid ctid, int number);

    /// <summary>Keeps a console until the container ends; the work of a background process that <see cref="AttachConsole"/> starts.</summary>
    void HoldConsole(Ctid ctid, int number);

    /// <summary>Runs a script of the host in a container, running or not.</summary>
    int RunScript(Ctid ctid, string scriptFile);

    /// <summary>Changes parameters, in the running container, in its configuration, or both.</summary>
    void Set(Ctid ctid, SetRequest request);

    /// <summary>Counts what a stopped container has, for its disk quota.</summary>
    void InitializeQuota(Ctid ctid);

    /// <summary>Puts the limits of disk space and inodes of its configuration into force.</summary>
    void TurnQuotaOn(Ctid ctid);

    /// <summary>Takes them away until the next start.</summary>
    void TurnQuotaOff(Ctid ctid);

    /// <summary>What happens to containers, as insulad tells it, without end.</summary>
    /// <param name="since">The number of the first event that is wanted; null: those from now on.</param>
    /// <param name="containers">Whose; empty: all.</param>
    IEnumerable<Watching.StreamedEvent> ReadEvents(long? since, IReadOnlySet<Ctid> containers);
}

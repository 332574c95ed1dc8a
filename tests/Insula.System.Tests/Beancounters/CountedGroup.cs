using System.Text;
using System.Text.Json;
using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Parameters;
using Insula.Linux.Cgroups;
using Insula.Linux.Launch;
using Insula.Linux.Syscalls;
using Insula.System.Tests.Cgroups;

namespace Insula.System.Tests.Beancounters;

/// <summary>
/// Something that is a container as far as counting goes: a process in a user namespace and a cgroup of its own, attached before it
/// executes anything. It is a Python that does what it is told, so that each step can be looked at from outside.
/// </summary>
internal sealed class CountedGroup : IDisposable
{
    // A line is a JSON string of Python; an expression is answered with its value, statements with "None", an OSError with its name.
    private const string Server = """
        import sys, os, json, errno, socket, mmap, threading, ctypes, fcntl, resource
        libc = ctypes.CDLL(None, use_errno=True)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
        libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
        libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        FAILED = ctypes.c_void_p(-1).value
        def map(pages, prot=3, flags=0x22):
            at = libc.mmap(None, pages * 4096, prot, flags, -1, 0)
            return errno.errorcode[ctypes.get_errno()] if at == FAILED else at
        def unmap(at, pages):
            return libc.munmap(at, pages * 4096)
        def protect(at, pages, prot):
            return errno.errorcode[ctypes.get_errno()] if libc.mprotect(at, pages * 4096, prot) else 0
        def private():
            return int(open('/proc/self/statm').read().split()[5])
        def until_refused(what, most):
            got = []
            try:
                while len(got) < most: got.append(what())
            except OSError as e: return got, errno.errorcode[e.errno]
            return got, None
        space = globals()
        for line in sys.stdin:
            code = json.loads(line)
            try:
                try: answer = eval(compile(code, 'x', 'eval'), space)
                except SyntaxError:
                    exec(code, space); answer = None
            except OSError as e: answer = errno.errorcode.get(e.errno, str(e))
            except MemoryError: answer = 'MemoryError'
            except BaseException as e: answer = repr(e)
            print(json.dumps(answer), flush=True)
        """;

    // One for the run, as on a host with a running container: to load the programs takes an emulated host longer than any of these tests.
    private static readonly Lock s_shared = new();
    private static CountedGroup? s_holder;
    private static int s_next = 100;

    private readonly ScratchGroup _scratch;
    private readonly bool _ownsScratch;
    private readonly bool _ownsDirectory;
    private readonly LaunchedProcess _process;
    private readonly FileDescriptor _input;
    private readonly StreamReader _output;
    private readonly FileDescriptor _outputEnd;

    private CountedGroup(
        ScratchGroup scratch, bool ownsScratch, bool ownsDirectory, BpfAccounting accounting, string runDirectory, Ctid ctid,
        IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits)
    {
        (_scratch, _ownsScratch, _ownsDirectory, Accounting, RunDirectory, Ctid) = (scratch, ownsScratch, ownsDirectory, accounting, runDirectory, ctid);
        var group = scratch.Tree.Group(ctid.ToString());
        group.Create();
        var (childInput, input) = Files.Pipe();
        var (output, childOutput) = Files.Pipe();
        using (childInput)
        using (childOutput)
        using (var plan = new LaunchPlan())
        {
            var gate = plan.AddGate();
            plan.AddStandardStreams(childInput, childOutput, childOutput);
            plan.AddCloseOnExecFrom(3);
            plan.AddFreshSignals();
            plan.AddExecuteFirst([("/usr/bin/python3", ["python3", "-I", "-S", "-c", Server])], ["PATH=/usr/bin:/bin"]);
            _process = Launcher.Start(plan, CloneFlags.NewUser);
            accounting.Attach(ctid, _process.Pid, limits);
            group.AddProcess(_process.Pid);
            accounting.AttachGroup(ctid, group);
            gate.Open();
            _process.AwaitExec();
        }
        _input = input;
        // The stream reads by the number of this descriptor, which must not be collected before it.
        _outputEnd = output;
        _output = new StreamReader(new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(output.DangerousGetHandle(), false), FileAccess.Read));
        Assert.Equal("null", Ask("None"));
    }

    public BpfAccounting Accounting { get; }

    public Ctid Ctid { get; }

    public string RunDirectory { get; }

    public int Pid => _process.Pid;

    /// <summary>All its processes.</summary>
    public IEnumerable<int> Pids => Group.Processes();

    /// <summary>The group of its processes.</summary>
    public ControlGroup Group => _scratch.Tree.Group(Ctid.ToString());

    /// <summary>An accounting whose run directory is the test's own.</summary>
    public static BpfAccounting NewAccounting(string directory)
        => new(HostLayout.Default with { RunDirectory = directory, LockDirectory = directory });

    public static CountedGroup Start(BeancounterResource resource, long bound) => Start(Limits(resource, bound));

    /// <summary>
    /// A group beside others that are counted by the same programs; skips the test if this kernel does not count the resources that are bounded.
    /// </summary>
    public static CountedGroup Start(IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits)
    {
        lock (s_shared)
            s_holder ??= StartAlone(new Dictionary<BeancounterResource, BarrierLimit>());
        return Start(s_holder.RunDirectory, ownsDirectory: false, limits);
    }

    /// <summary>The only group of an installation.</summary>
    public static CountedGroup StartAlone(IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits)
    {
        var directory = Directory.CreateTempSubdirectory("insula-bpf-").FullName;
        HostFindings.Give(directory);
        return Start(directory, ownsDirectory: true, limits);
    }

    /// <summary>Ends the group that keeps the programs loaded.</summary>
    public static void EndShared() => s_holder?.Dispose();

    private static CountedGroup Start(string directory, bool ownsDirectory, IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits)
    {
        var accounting = NewAccounting(directory);
        var ctid = NewCtid();
        ScratchGroup? scratch = null;
        try
        {
            Assert.SkipUnless(File.Exists("/usr/bin/python3"), "no python3");
            scratch = new ScratchGroup();
            foreach (var resource in limits.Keys)
                Assert.SkipUnless(accounting.MechanismOf(resource).Exact, $"{resource.Name} is not counted here: {accounting.MechanismOf(resource).Detail}");
            HostFindings.Learn(directory);
            return new CountedGroup(scratch, true, ownsDirectory, accounting, directory, ctid, limits);
        }
        catch
        {
            // A skip is an exception too, and nobody disposes what was never returned.
            scratch?.Dispose();
            accounting.Release(ctid);
            if (ownsDirectory)
                Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    private static Ctid NewCtid() => new(Interlocked.Increment(ref s_next));

    /// <summary>Another one beside this.</summary>
    /// <param name="limits">Its bounds.</param>
    /// <param name="again">The number of one that has ended; null: a new one.</param>
    public CountedGroup StartNeighbour(IReadOnlyDictionary<BeancounterResource, BarrierLimit> limits, Ctid? again = null)
        => new(_scratch, false, false, Accounting, RunDirectory, again ?? NewCtid(), limits);

    public static Dictionary<BeancounterResource, BarrierLimit> Limits(BeancounterResource resource, long bound)
        => new() { [resource] = new BarrierLimit(bound) };

    /// <summary>Has the Python do something; its answer as JSON.</summary>
    public string Ask(string python)
    {
        Files.WriteAll(_input, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(python) + "\n"), "python");
        return _output.ReadLine() ?? throw new InvalidOperationException($"the program ended at: {python}");
    }

    public long AskNumber(string python) => long.Parse(Ask(python), global::System.Globalization.CultureInfo.InvariantCulture);

    public BpfCount Count(BeancounterResource resource) => Accounting.Read(Ctid)![resource];

    public void Dispose()
    {
        _process.KillAndReap();
        _process.Dispose();
        _input.Dispose();
        _output.Dispose();
        _outputEnd.Dispose();
        Accounting.Release(Ctid);
        // Its children.
        Group.KillAll(ScratchGroup.Patience);
        Group.Delete(ScratchGroup.Patience);
        if (_ownsScratch)
            _scratch.Dispose();
        if (_ownsDirectory)
            Directory.Delete(RunDirectory, recursive: true);
    }
}

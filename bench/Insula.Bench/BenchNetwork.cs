using System.Diagnostics;

namespace Insula.Bench;

/// <summary>A network namespace of this run's own, kept by a process that sleeps. What is in it goes with it.</summary>
internal sealed class BenchNetwork : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _keeper;
    private readonly string _outputFile;

    public BenchNetwork(string outputFile)
    {
        _outputFile = outputFile;
        _keeper = Process.Start("/usr/bin/unshare", ["--net", "/bin/busybox", "sleep", "7200"]);
        if (!SpinWait.SpinUntil(() => Link("self") is var own && Link($"{_keeper.Id}") is { } there && there != own, Patience))
            throw new BenchException("a network namespace does not come up");
        Run("/bin/busybox", "ip", "link", "set", "lo", "up");
    }

    public int Pid => _keeper.Id;

    /// <summary>A command in it.</summary>
    public Command Enter(string program, params string[] arguments) => Enter(program, arguments, null);

    /// <summary>A command in it, with another environment.</summary>
    public Command Enter(string program, string[] arguments, IReadOnlyList<string>? environment)
    {
        string[] words = [$"--net=/proc/{Pid}/ns/net", "--", program, .. arguments];
        return environment is null
            ? new Command("/usr/bin/nsenter", words) { OutputFile = _outputFile }
            : new Command("/usr/bin/nsenter", words) { OutputFile = _outputFile, Environment = environment };
    }

    /// <summary>Runs a command in it.</summary>
    public void Run(string program, params string[] arguments) => Enter(program, arguments).Run();

    /// <summary>A program that runs in it until it is disposed.</summary>
    public Process Start(string program, params string[] arguments)
        => Process.Start("/usr/bin/nsenter", [$"--net=/proc/{Pid}/ns/net", "--", program, .. arguments]);

    private static string? Link(string process) => new FileInfo($"/proc/{process}/ns/net").LinkTarget;

    public void Dispose()
    {
        _keeper.Kill();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Insula.System.Tests.Commands;

/// <summary>The insulad of an installation that a test has made.</summary>
public sealed partial class TestDaemon(CommandHost host)
{
    private const int SignalTerminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Program { get; } = Path.Combine(Path.GetDirectoryName(host.Binary)!, "insulad");

    public string Files => Path.Combine(host.Base, "run/proc");

    private string StateFile => Path.Combine(host.Base, "run/insulad");

    /// <summary>The process that holds the descriptors; null while there is none.</summary>
    public int? Keeper
    {
        get
        {
            var line = File.Exists(StateFile) ? ReadOrEmpty(StateFile) : "";
            return line.Split(' ') is [var first, _, ..] && int.TryParse(first, CultureInfo.InvariantCulture, out var pid) && IsOurs(pid) ? pid : null;
        }
    }

    /// <summary>The process that answers; null while there is none.</summary>
    public int? Worker => Keeper is { } keeper ? WorkerOf(keeper) : null;

    public static bool Signal(int pid, int signal) => Kill(pid, signal) == 0;

    /// <summary>Starts another one, as after an upgrade.</summary>
    public Process Replace()
    {
        var start = new ProcessStartInfo(Program, ["--replace"]) { RedirectStandardError = true };
        start.Environment["INSULA_CONFIG_DIR"] = Path.Combine(host.Base, "etc");
        return Process.Start(start)!;
    }

    private static int? WorkerOf(int keeper) => Children(keeper).Select(pid => (int?)pid).FirstOrDefault();

    /// <summary>Waits until there is a keeper and a worker, other ones than those named.</summary>
    public (int Keeper, int Worker) Await(params int[] others)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; Thread.Sleep(5))
        {
            // One look at who the keeper is: it may be another one at the next.
            if (Keeper is { } keeper && WorkerOf(keeper) is { } worker && !others.Contains(worker))
                return (keeper, worker);
        }
        throw new TimeoutException($"There is no insulad: {Log()}");
    }

    public string Log() => ReadOrEmpty(Path.Combine(host.Base, "insulad.log"));

    /// <summary>Ends it, and fails if it does not end or leaves anything; the containers have ended before.</summary>
    public void End()
    {
        for (var waited = Stopwatch.StartNew(); File.Exists(StateFile) && waited.Elapsed < Patience; Thread.Sleep(20))
        {
            if (Keeper is { } keeper)
                Signal(keeper, SignalTerminate);
        }
        Assert.False(File.Exists(StateFile), $"insulad does not end: {Log()}");
        AwaitTasks();
        // A worker that makes way is killed, perhaps as it writes; the next one overwrites what it left.
        foreach (var file in new[] { "insulad.lock", "insulad.starts", "insulad.hooks", "insulad.hooks.tmp", "events", "events.1" })
            File.Delete(Path.Combine(host.Base, "run", file));
        if (Directory.Exists(Path.Combine(host.Base, "run/ended")))
            Directory.Delete(Path.Combine(host.Base, "run/ended"));
        if (Directory.Exists(Files))
            Directory.Delete(Files);
    }

    // What a daemon had begun is finished by processes that outlive it; they make locks and logs.
    private void AwaitTasks()
    {
        var waited = Stopwatch.StartNew();
        while (Directory.GetDirectories("/proc").Any(IsTask) && waited.Elapsed < Patience)
            Thread.Sleep(20);
    }

    private bool IsTask(string process)
        => ReadOrEmpty($"{process}/comm").StartsWith("insulad", StringComparison.Ordinal) && ReadOrEmpty($"{process}/environ").Contains($"={host.Base}/", StringComparison.Ordinal);

    // A child is that of the thread that has started it.
    private static IEnumerable<int> Children(int pid)
        => Threads(pid)
            .SelectMany(thread => ReadOrEmpty($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(word => int.Parse(word, CultureInfo.InvariantCulture));

    private static string[] Threads(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task");
        }
        catch (DirectoryNotFoundException)
        {
            // It has ended.
            return [];
        }
    }

    private static bool IsOurs(int pid) => ReadOrEmpty($"/proc/{pid}/comm").StartsWith("insulad", StringComparison.Ordinal);

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}

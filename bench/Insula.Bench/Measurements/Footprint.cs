using Insula.Bench.Contenders;

namespace Insula.Bench.Measurements;

/// <summary>The binary's size and start-up, and what stays behind for a running container.</summary>
internal static class Footprint
{
    private const string HelloSource = """
        #include <stdio.h>
        int main(void) { puts("hello, world"); return 0; }

        """;

    public static void Measure(Workspace workspace, InsulaContender insula, Options options, Report report, CancellationToken stop)
    {
        report.Value("size of the binary", new FileInfo(workspace.Binary).Length / 1e6, "MB", 12);
        StartUp(workspace, insula, options, report, stop);
        LeftBehind(workspace, insula, report);
    }

    // "Under 2 x a C hello world plus 5 ms" is one bound made of both.
    private static void StartUp(Workspace workspace, InsulaContender insula, Options options, Report report, CancellationToken stop)
    {
        var hello = Compile(workspace);
        if (!insula.Version.TryRun() || !insula.Version.Output.StartsWith("vzctl version ", StringComparison.Ordinal))
            throw new BenchException($"vzctl --version says '{insula.Version.Output}'");
        Samples ours = new(), theirs = new();
        options.EachRound(round =>
        {
            ours.Measure(insula.Version, round);
            theirs.Measure(hello, round);
        }, stop);
        report.Ratio("vzctl --version", ours, "C hello world", theirs, atMost: null);
        report.Value("start-up beyond 2 x C hello world", ours.Median - (2 * theirs.Median), "ms", 5);
    }

    private static Command Compile(Workspace workspace)
    {
        var program = Path.Combine(workspace.Root, "hello");
        File.WriteAllText(program + ".c", HelloSource);
        new Command("/usr/bin/gcc", "-O2", "-o", program, program + ".c") { OutputFile = workspace.OutputFile }.Run();
        return new Command(program) { OutputFile = workspace.OutputFile };
    }

    private static void LeftBehind(Workspace workspace, InsulaContender insula, Report report)
    {
        insula.Prepare();
        insula.Start.Run();
        insula.Expect(insula.Ctid, "running");
        report.Value("processes of ours for a running container", CountOwnProcesses(workspace.Binary), "processes", 0);
        insula.Stop();
    }

    private static int CountOwnProcesses(string binary)
        => Directory.EnumerateDirectories("/proc")
            .Where(directory => char.IsDigit(Path.GetFileName(directory)[0]))
            .Count(directory => Executable(directory) == binary);

    // A process may end while it is looked at, or not be ours to look at; kernel threads have no executable.
    private static string? Executable(string processDirectory)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(processDirectory, "exe"), returnFinalTarget: false)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

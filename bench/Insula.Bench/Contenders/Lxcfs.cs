using System.Diagnostics;

namespace Insula.Bench.Contenders;

/// <summary>Debian's lxcfs, run for this measurement alone.</summary>
internal static class Lxcfs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Starts it; null if it is not installed.</summary>
    /// <returns>Where its files are.</returns>
    public static string? TryStart(Workspace workspace)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(directory => Path.Combine(directory, "lxcfs")).FirstOrDefault(File.Exists);
        if (program is null)
            return null;
        var mount = workspace.MakeDirectory("lxcfs");
        var process = Process.Start(new ProcessStartInfo(program, ["-f", $"--pidfile={workspace.Root}/lxcfs.pid", mount]) { RedirectStandardError = true, RedirectStandardOutput = true })
            ?? throw new BenchException($"{program} could not be started");
        workspace.Undo(() =>
        {
            new Command("/bin/umount", "-l", mount) { OutputFile = workspace.OutputFile }.TryRun();
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        });
        for (var waited = Stopwatch.StartNew(); !File.Exists(Path.Combine(mount, "proc/meminfo")); Thread.Sleep(20))
        {
            if (waited.Elapsed > Patience)
                throw new BenchException($"{program} does not come up");
        }
        return mount;
    }
}

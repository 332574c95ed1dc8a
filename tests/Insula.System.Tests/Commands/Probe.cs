using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Insula.System.Tests.Commands;

/// <summary>
/// A static program that takes one resource until the kernel refuses, built with gcc once and put into containers. It prints how many it
/// got and the errno of the refusal.
/// </summary>
internal static class Probe
{
    private static readonly Lazy<string?> Built = new(Build);

    /// <summary>Puts it into a running container as /bin/probe.</summary>
    public static void Install(CommandHost host, int ctid)
    {
        Assert.SkipWhen(Built.Value is null, "needs gcc and a static C library");
        var target = Path.Combine(host.Root(ctid), "bin/probe");
        File.Copy(Built.Value!, target, overwrite: true);
        File.SetUnixFileMode(target, (UnixFileMode)0x1ED);
    }

    private static string? Build()
    {
        var program = Path.Combine(Path.GetTempPath(), $"insula-probe-{Environment.ProcessId}");
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("gcc", ["-static", "-O1", "-o", program, Source()]) { RedirectStandardError = true })!;
            compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? program : null;
        }
        catch (global::System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string Source([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "probe.c");
}

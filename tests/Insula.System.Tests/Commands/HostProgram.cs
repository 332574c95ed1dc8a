using System.Diagnostics;

namespace Insula.System.Tests.Commands;

/// <summary>Programs of this machine, put into a busybox container with the libraries that they need.</summary>
internal static class HostProgram
{
    /// <summary>Puts it there where it is on this machine, below /usr/bin or /usr/sbin; the test is skipped where this machine does not have it.</summary>
    public static void Install(CommandHost host, int ctid, string name)
    {
        var program = File.Exists($"/usr/sbin/{name}") ? $"/usr/sbin/{name}" : $"/usr/bin/{name}";
        Assert.SkipUnless(File.Exists(program), $"needs {program}");
        Copy(host, ctid, program);
        foreach (var library in LibrariesOf(program))
            Copy(host, ctid, library);
    }

    /// <summary>Describes the terminal that TERM=dumb names, without which some programs of procps say nothing at all.</summary>
    public static void InstallDumbTerminal(CommandHost host, int ctid)
    {
        const string description = "/lib/terminfo/d/dumb";
        Assert.SkipUnless(File.Exists(description), $"needs {description}");
        Copy(host, ctid, description);
    }

    private static void Copy(CommandHost host, int ctid, string path)
    {
        var target = host.Root(ctid) + path;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(path, target, overwrite: true);
        File.SetUnixFileMode(target, (UnixFileMode)0x1ED);
    }

    // "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f...)", "\t/lib64/ld-linux-x86-64.so.2 (0x...)"
    private static IEnumerable<string> LibrariesOf(string program)
    {
        using var process = Process.Start(new ProcessStartInfo("ldd", [program]) { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();
        return lines.SelectMany(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(word => word.StartsWith('/')).Distinct();
    }
}

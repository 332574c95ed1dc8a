using System.Diagnostics;

namespace Insula.Engine.Templates;

/// <summary>Programs of the host that work on archives. They get fixed arguments, a clean environment and no shell.</summary>
internal static class HostProgram
{
    private static readonly string[] Directories = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

    /// <summary>Where a program is, or null.</summary>
    public static string? Find(string name)
    {
        foreach (var directory in Directories)
        {
            var path = $"{directory}/{name}";
            if (File.Exists(path))
                return path;
        }

        return null;
    }

    /// <summary>Where a program is.</summary>
    /// <exception cref="InsulaException">It is not installed; the hint names its Debian package.</exception>
    public static string Require(string name, string package, string purpose)
        => Find(name) ?? throw new InsulaException(
            ExitCode.NotEnoughResources, $"The program {name} is needed to {purpose} and is not installed", $"apt-get install {package}");

    /// <summary>How to start a program: only these arguments, all three streams ours, no environment but what is set here.</summary>
    public static ProcessStartInfo Command(string path, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(path)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Clear(); // XZ_OPT, ZSTD_CLEVEL and the like would be further arguments
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }
}

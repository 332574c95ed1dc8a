using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Insula.Cli.Tests.Packaging;

/// <summary>Programs that a test of the package runs.</summary>
internal static class Shell
{
    /// <summary>The repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Runs a program to its end.</summary>
    public static (int Code, string Output) Run(string program, params string[] arguments) => Run([], program, arguments);

    /// <summary>As above, with environment variables.</summary>
    public static (int Code, string Output) Run(IEnumerable<(string Name, string Value)> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>Skips the test if a program is missing; under CI it fails.</summary>
    public static void Require(string program)
    {
        var present = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(present, $"no {program}");
        else
            Assert.SkipUnless(present, $"no {program}");
    }

    private static string FindRepository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
}

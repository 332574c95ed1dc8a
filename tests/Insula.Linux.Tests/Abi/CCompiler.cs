using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Insula.Linux.Tests.Abi;

/// <summary>
/// A C compiler and the kernel's headers for one architecture. A test that finds none is skipped on a laptop and fails where
/// CI=true: there nothing may go unchecked.
/// </summary>
internal sealed class CCompiler
{
    private const string ArmHeaders = "/usr/arm-linux-gnueabihf/include";
    private readonly string _program;
    private readonly string[] _options;

    private CCompiler(string program, params string[] options)
    {
        _program = program;
        _options = options;
    }

    /// <summary>The compiler for a 64-bit architecture, a cross compiler if need be.</summary>
    public static CCompiler For(Architecture architecture)
    {
        var cross = architecture == Architecture.X64 ? "x86_64-linux-gnu-gcc" : "aarch64-linux-gnu-gcc";
        var program = architecture == RuntimeInformation.ProcessArchitecture && Find("gcc") != null ? "gcc" : cross;
        Require(Find(program) != null, $"no {program}");
        var compiler = new CCompiler(program);
        Require(compiler.Run("-fsyntax-only", "#include <asm/unistd.h>\n#include <stddef.h>\n").Success, $"{program} finds no kernel headers");
        return compiler;
    }

    /// <summary>Only a preprocessor over the headers of 32-bit ARM; any gcc will do.</summary>
    public static CCompiler ForArmHeaders()
    {
        Require(Find("gcc") != null, "no gcc");
        Require(Directory.Exists(ArmHeaders), $"no headers of 32-bit ARM (linux-libc-dev-armhf-cross) in {ArmHeaders}");
        return new CCompiler("gcc", "-undef", "-D__ARM_EABI__", "-nostdinc", "-isystem", ArmHeaders);
    }

    /// <summary>All macros after <paramref name="source"/>, name to text; those that name another one are followed.</summary>
    public Dictionary<string, string> Macros(string source)
    {
        var (success, output) = Run("-E", source, "-dM");
        Assert.True(success, output);
        var macros = new Dictionary<string, string>();
        // #define __NR_read 0
        foreach (var line in output.Split('\n'))
            if (line.Split(' ', 3) is ["#define", var name, var value])
                macros[name] = value.Trim();
        foreach (var name in macros.Keys)
            while (macros.TryGetValue(macros[name], out var further) && further != macros[name])
                macros[name] = further;
        return macros;
    }

    /// <summary>Compiles without output; what the compiler says comes back.</summary>
    public (bool Success, string Output) Check(string source) => Run("-fsyntax-only", source);

    /// <summary>Compiles and links a program.</summary>
    public (bool Success, string Output) Build(string source, string output, params string[] more) => Run("-O1", source, ["-o", output, .. more]);

    public static void Require(bool present, string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(present, reason);
        else
            Assert.SkipUnless(present, reason);
    }

    public static string? Find(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    public static (int Code, string Output) RunProgram(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private (bool Success, string Output) Run(string mode, string source, params string[] more)
    {
        using var directory = new TemporaryDirectory();
        var file = directory.File("abi.c");
        File.WriteAllText(file, source);
        var (code, output) = RunProgram(_program, ["-std=gnu11", "-w", mode, .. _options, .. more, file]);
        return (code == 0, output);
    }
}

/// <summary>A directory that is gone afterwards.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("insula-abi-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

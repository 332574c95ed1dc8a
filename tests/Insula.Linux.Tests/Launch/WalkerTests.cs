using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Insula.Linux.Launch;
using Insula.Linux.Tests.Abi;

namespace Insula.Linux.Tests.Launch;

public class WalkerTests
{
    [Theory]
    [InlineData(Architecture.X64, "x86_64-linux-gnu-")]
    [InlineData(Architecture.Arm64, "aarch64-linux-gnu-")]
    public void The_embedded_bytes_are_the_assembled_source(Architecture architecture, string tools)
    {
        CCompiler.Require(CCompiler.Find(tools + "as") != null, $"no {tools}as");
        using var directory = new TemporaryDirectory();
        var (code, output) = CCompiler.RunProgram(tools + "as", "-o", directory.File("walker.o"), SourceOf(architecture));
        Assert.True(code == 0, output);
        (code, output) = CCompiler.RunProgram(
            tools + "objcopy", "-O", "binary", "-j", ".text", directory.File("walker.o"), directory.File("walker.bin"));
        Assert.True(code == 0, output);
        Assert.Equal(Convert.ToHexString(File.ReadAllBytes(directory.File("walker.bin"))), Convert.ToHexString(CodeOf(architecture)));
    }

    [Theory]
    [InlineData(Architecture.X64, "qemu-x86_64-static")]
    [InlineData(Architecture.Arm64, "qemu-aarch64-static")]
    public void The_code_keeps_its_contract(Architecture architecture, string emulator)
    {
        var native = architecture == RuntimeInformation.ProcessArchitecture;
        CCompiler.Require(native || CCompiler.Find(emulator) != null, $"no {emulator}");
        using var directory = new TemporaryDirectory();
        var (built, messages) = CCompiler.For(architecture).Build(
            File.ReadAllText(Beside("walker-harness.c")), directory.File("harness"), "-static");
        Assert.True(built, messages);
        File.WriteAllBytes(directory.File("walker.bin"), CodeOf(architecture).ToArray());
        var (code, output) = native
            ? CCompiler.RunProgram(directory.File("harness"), directory.File("walker.bin"))
            : CCompiler.RunProgram(emulator, directory.File("harness"), directory.File("walker.bin"));
        Assert.Equal("all good\n", output);
        Assert.Equal(0, code);
    }

    private static ReadOnlySpan<byte> CodeOf(Architecture architecture) => architecture == Architecture.X64 ? Walker.X64 : Walker.Arm64;

    private static string SourceOf(Architecture architecture)
        => Beside($"../../../eng/walker/walker-{(architecture == Architecture.X64 ? "x64" : "arm64")}.s");

    private static string Beside(string name, [CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, name));
}

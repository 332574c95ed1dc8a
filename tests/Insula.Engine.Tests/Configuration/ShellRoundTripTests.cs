using System.Diagnostics;
using System.Text;
using CsCheck;
using Insula.Engine.Configuration;

namespace Insula.Engine.Tests.Configuration;

/// <summary>What is written must come out of a real /bin/sh, which action scripts use, and out of our own reader, unchanged.</summary>
public sealed class ShellRoundTripTests
{
    private const int ValuesPerShell = 200;

    private static readonly Gen<string> AnyLine = Gen.OneOf(
        Gen.Char["\"$`\\'!#%&*;()<>|~ \tab{}[]=:?VEID"].Array[0, 24].Select(text => new string(text)),
        Gen.String[Gen.Char[' ', '~'], 0, 60],
        Gen.Int[0xA0, 0x2FFFF].Where(Rune.IsValid).Array[0, 20].Select(runes => string.Concat(runes.Select(rune => new Rune(rune).ToString()))),
        Gen.OneOf("", "$(touch x)", "`id`", "\\", "\\\\", "\"", "a\\", "$", "${HOME}", "\" ; reboot ; \"", "-n", "\\n", "a # b", "x\" # \"y"));

    [Fact]
    public void Any_line_of_text_comes_out_of_the_shell_and_of_our_reader_as_it_was()
        => AnyLine.Array[ValuesPerShell].Sample(
            values =>
            {
                var file = new ConfigFile("f");
                for (var i = 0; i < values.Length; i++)
                    file.Set($"K{i}", values[i]);
                var bytes = file.ToBytes();
                var again = ConfigFile.Parse("f", bytes);
                Assert.Empty(again.Warnings);
                for (var i = 0; i < values.Length; i++)
                    Assert.Equal(values[i], again.Get($"K{i}"));
                Assert.Equal(values, Source(bytes));
            },
            iter: 20,
            threads: 1);

    [Fact]
    public void The_shell_puts_the_container_number_into_the_paths()
    {
        var file = new ConfigFile("f");
        file.Set("VE_ROOT", "/vz/root/$VEID");
        file.Set("VE_PRIVATE", "/vz/${VEID}/x$VEIDS");
        Assert.Equal(["/vz/root/101", "/vz/101/x$VEIDS"], Run(file.ToBytes(), "printf '%s\\0' \"$VE_ROOT\" \"$VE_PRIVATE\""));
    }

    private static string[] Source(byte[] bytes)
        => Run(bytes, string.Join('\n', Enumerable.Range(0, ValuesPerShell).Select(i => $"printf '%s\\0' \"$K{i}\"")));

    private static string[] Run(byte[] config, string script)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory["conf"], config);
        File.WriteAllText(directory["script"], $". ./conf\n{script}\n");
        var start = new ProcessStartInfo("/bin/sh", ["./script"])
        {
            WorkingDirectory = directory.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        start.Environment["VEID"] = "101";
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.Equal("", errors.Result);
        Assert.Equal(0, shell.ExitCode);
        Assert.Equal(["conf", "script"], Directory.EnumerateFiles(directory.Path).Select(Path.GetFileName).Order());
        return output.Split('\0')[..^1];
    }
}

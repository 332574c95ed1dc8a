using System.Text.RegularExpressions;

namespace Insula.Cli.Tests.Packaging;

/// <summary>The Debian package as a file. That it can be installed, upgraded and purged is seen on a reference host.</summary>
public sealed partial class DebianPackageTests(SharedPackage shared) : IClassFixture<SharedPackage>
{
    private static readonly string Golden = Path.Combine(Shell.Repository, "tests/Insula.Cli.Tests/Packaging/package-files.txt");

    /// <summary>To renew the list after a change, run the tests with INSULA_WRITE_GOLDEN=1.</summary>
    [Fact]
    public void It_holds_the_files_that_are_written_down_with_their_modes()
    {
        var package = shared.Package;
        if (Environment.GetEnvironmentVariable("INSULA_WRITE_GOLDEN") == "1")
            File.WriteAllText(Golden, package.Listing());
        Assert.Equal(File.ReadAllText(Golden), package.Listing());
        Assert.Equal(
            File.ReadLines(Golden).Select(line => line.Split(' ')).Where(words => words[0][0] == '-' && words[2].StartsWith("./etc/", StringComparison.Ordinal))
                .Select(words => words[2][1..]),
            package.ControlFile("conffiles").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void The_same_program_gives_the_same_bytes_whoever_packs_it()
    {
        var one = shared.Package;
        using var other = new DebianPackage(environment: [("TZ", "America/Lima"), ("TMPDIR", Path.GetDirectoryName(one.File)!), ("LC_ALL", "C")], umask: "077");
        Assert.Equal(File.ReadAllBytes(one.File), File.ReadAllBytes(other.File));
    }

    [Fact]
    public void The_version_can_be_given_and_is_checked()
    {
        using (var package = new DebianPackage(options: ["--version", "9.8.7~rc1"]))
        {
            Assert.Equal("9.8.7~rc1", package.Field("Version"));
            Assert.EndsWith("insula_9.8.7~rc1_" + package.Field("Architecture") + ".deb", package.File);
        }
        using var wrong = new DebianPackage(options: ["--version", "1 2"]);
        Assert.Equal(1, wrong.Code);
        Assert.Contains("1 2 is no version", wrong.Output);
    }

    [Fact]
    public void The_version_is_the_products_if_none_is_given()
    {
        var package = shared.Package;
        Assert.Equal($"vzctl version {package.Field("Version")}", Cli.Output.ProductVersion.LineOf("vzctl"));
    }

    [Fact]
    public void It_depends_on_nothing_as_the_program_is_linked_statically()
    {
        var package = shared.Package;
        Assert.Equal("", package.Field("Depends"));
    }

    [Fact]
    public void The_architecture_is_the_programs_not_the_machines()
    {
        Shell.Require("aarch64-linux-gnu-gcc");
        using var directory = new Cross();
        using var package = new DebianPackage(directory.Compile("aarch64-linux-gnu-gcc", "int main(void) { return 0; }"));
        Assert.Equal("arm64", package.Field("Architecture"));
        Assert.Matches(@"^libc6 \(>= 2\.[0-9]+\)$", package.Field("Depends"));
    }

    [Fact]
    public void What_is_no_program_or_needs_a_library_of_no_known_package_is_refused()
    {
        Shell.Require("gcc");
        using var directory = new Cross();
        File.WriteAllText(directory.Path("text"), "#!/bin/sh\n");
        using (var script = new DebianPackage(directory.Path("text")))
        {
            Assert.Equal(1, script.Code);
            Assert.Contains("is no ELF program", script.Output);
        }
        var library = directory.Compile("gcc", "int f(void) { return 0; }", "-shared", "-Wl,-soname,libnobody.so.1");
        var program = directory.Compile("gcc", "int f(void); int main(void) { return f(); }", library);
        using var package = new DebianPackage(program);
        Assert.Equal(1, package.Code);
        Assert.Contains("needs libnobody.so.1", package.Output);
        Assert.Empty(package.Left);
    }

    [Fact]
    public void Its_scripts_are_complete_and_pass_shellcheck()
    {
        Shell.Require("shellcheck");
        var package = shared.Package;
        var control = package.UnpackControl();
        foreach (var script in new[] { "postinst", "prerm", "postrm" })
        {
            var path = Path.Combine(control, script);
            Assert.DoesNotMatch(Placeholder(), File.ReadAllText(path));
            var (code, output) = Shell.Run("shellcheck", "--shell=sh", "--severity=style", path);
            Assert.True(code == 0, output);
        }
        Assert.DoesNotMatch(Placeholder(), File.ReadAllText(Path.Combine(control, "control")));
    }

    [Fact]
    public void Lintian_finds_no_error_and_no_warning()
    {
        Shell.Require("lintian");
        var package = shared.Package;
        // As root it warns of being root; what it says itself is on lines that begin with a letter and a colon.
        var (code, output) = Shell.Run("lintian", "--fail-on", "error,warning", "--pedantic", "--allow-root", package.File);
        Assert.True(code == 0, output);
        Assert.DoesNotContain("mismatched-override", output);
        Assert.DoesNotContain("unused-override", output);
    }

    [Fact]
    public void The_names_that_are_installed_are_those_with_a_manual_page()
    {
        var list = NameList().Match(File.ReadAllText(Path.Combine(Shell.Repository, "eng/build/install.sh"))).Groups[1].Value
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var pages = Directory.GetFiles(Path.Combine(Shell.Repository, "docs/man")).Select(file => Path.GetFileNameWithoutExtension(file));
        Assert.Equal(pages.Where(page => page is not ("insula" or "insulad")).Order(), list.Order());
    }

    [GeneratedRegex("@[A-Z_]+@")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^multi_call_names=\(([^)]*)\)", RegexOptions.Multiline)]
    private static partial Regex NameList();

    /// <summary>A directory to compile in.</summary>
    private sealed class Cross : IDisposable
    {
        private readonly string _directory = Directory.CreateTempSubdirectory("insula-cc-").FullName;
        private int _count;

        public string Path(string name) => System.IO.Path.Combine(_directory, name);

        public string Compile(string compiler, string source, params string[] more)
        {
            var output = Path($"{++_count}");
            File.WriteAllText(output + ".c", source + "\n");
            var (code, text) = Shell.Run(compiler, ["-o", output, output + ".c", .. more]);
            Assert.True(code == 0, text);
            return output;
        }

        public void Dispose() => Directory.Delete(_directory, recursive: true);
    }
}

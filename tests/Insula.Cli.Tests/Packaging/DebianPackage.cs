namespace Insula.Cli.Tests.Packaging;

/// <summary>A Debian package that <c>./build.sh deb</c> has built into a directory of its own.</summary>
internal sealed class DebianPackage : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("insula-deb-").FullName;

    /// <summary>Builds one.</summary>
    /// <param name="binary">The program in it; null for the one that was built of this source.</param>
    /// <param name="environment">What the build gets to see.</param>
    /// <param name="umask">The umask of whoever builds it.</param>
    /// <param name="options">More options.</param>
    public DebianPackage(
        string? binary = null, IEnumerable<(string Name, string Value)>? environment = null, string umask = "022", params string[] options)
    {
        try
        {
            foreach (var program in new[] { "dpkg-deb", "readelf" })
                Shell.Require(program);
            binary ??= NativeBinary();
            (Code, Output) = Shell.Run(
                environment ?? [], "bash",
                ["-c", $"umask {umask}; exec \"$@\"", "bash", Path.Combine(Shell.Repository, "build.sh"), "deb", "--output", _directory, "--binary", binary, .. options]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Code { get; }

    public string Output { get; }

    /// <summary>The package.</summary>
    public string File
    {
        get
        {
            Assert.True(Code == 0, Output);
            return Assert.Single(Directory.GetFiles(_directory));
        }
    }

    /// <summary>What is left where the package was to be.</summary>
    public IReadOnlyList<string> Left => Directory.GetFileSystemEntries(_directory);

    /// <summary>A field of the control file.</summary>
    public string Field(string name) => Tool("-f", File, name).TrimEnd();

    /// <summary>A file beside the control file: postinst, conffiles.</summary>
    public string ControlFile(string name) => Tool("-I", File, name);

    /// <summary>Unpacks the control files, returns where.</summary>
    public string UnpackControl()
    {
        var target = Path.Combine(_directory, "control");
        Tool("-e", File, target);
        return target;
    }

    /// <summary>"-rw-r--r-- root/root ./etc/vz/vz.conf" a line, with the target of a link, without sizes and times.</summary>
    public string Listing()
    {
        var lines = Tool("-c", File).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return $"{words[0]} {words[1]} {string.Join(' ', words[5..])}";
        });
        return string.Join('\n', lines) + "\n";
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    // The programs of test projects run beside it: ./build.sh test names it.
    private static string NativeBinary()
    {
        var binary = Environment.GetEnvironmentVariable("INSULA_BINARY") is { Length: > 0 } named ? named : Path.Combine(Shell.Repository, "out/insula");
        Assert.SkipUnless(
            System.IO.File.Exists(binary) || Environment.GetEnvironmentVariable("CI") == "true", $"needs the native binary {binary} (./build.sh)");
        return binary;
    }

    private static string Tool(params string[] arguments)
    {
        var (code, output) = Shell.Run("dpkg-deb", arguments);
        Assert.True(code == 0, output);
        return output;
    }
}

using System.Diagnostics;
using Insula.Engine;
using Insula.Engine.Configuration;

namespace Insula.System.Tests.Configuration;

[Trait("Kernel", "any")]
public sealed class FullDiskTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("insula-t-config-").FullName;
    private bool _mounted;

    public void Dispose()
    {
        if (_mounted)
            Run("umount", _directory);
        Directory.Delete(_directory);
    }

    [Fact]
    public void A_configuration_on_a_full_disk_stays_as_it_was_and_can_be_saved_once_there_is_room()
    {
        Require.Root();
        Run("mount", "-t", "tmpfs", "-o", "size=64k,mode=755", "insula-t-config", _directory);
        _mounted = true;
        var path = Path.Combine(_directory, "101.conf");
        var file = new ConfigFile(path);
        file.Set("DESCRIPTION", "old");
        file.Save(path);
        file.Set("DESCRIPTION", new string('x', 100_000));

        var error = Assert.Throws<InsulaException>(() => file.Save(path));

        Assert.Equal(ExitCode.SaveConfig, error.Code);
        Assert.Contains("ENOSPC", error.Message, StringComparison.Ordinal);
        Assert.Equal("DESCRIPTION=\"old\"\n", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_directory));
        file.Set("DESCRIPTION", "new");
        file.Save(path);
        Assert.Equal("DESCRIPTION=\"new\"\n", File.ReadAllText(path));
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}

using System.Globalization;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Bench;

/// <summary>
/// A directory, an Insula configuration and a cgroup name of this run's own, and everything that has to be taken back at its end,
/// whatever the end is.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly Stack<Action> _undo = new();

    public Workspace(string binary)
    {
        Binary = binary;
        Name = "insula-bench-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        Root = Directory.CreateTempSubdirectory(Name + "-").FullName;
        // The containers' roots are nobody on the host and must get through to their files.
        File.SetUnixFileMode(Root, (UnixFileMode)0x1C9); // 0711
        Undo(RemoveDirectory);
        Undo(RemoveCgroups);
        foreach (var name in (string[])["insula", "vzctl", "vzlist", "vzubc"])
            File.CreateSymbolicLink(Path.Combine(MakeDirectory("bin"), name), binary);
        ConfigDirectory = MakeConfiguration("insula");
    }

    public string Binary { get; }

    /// <summary>Names the run's cgroups and containers.</summary>
    public string Name { get; }

    public string Root { get; }

    public string ConfigDirectory { get; }

    public string OutputFile => Path.Combine(Root, "output");

    /// <summary>Has something done at the end, before what was asked for earlier.</summary>
    public void Undo(Action action) => _undo.Push(action);

    public string MakeDirectory(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    public Command Insula(string program, params string[] arguments) => InsulaWith(ConfigDirectory, program, arguments);

    public Command InsulaWith(string configDirectory, string program, params string[] arguments)
        => new(Path.Combine(Root, "bin", program), arguments)
        {
            OutputFile = OutputFile,
            Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "INSULA_CONFIG_DIR=" + configDirectory],
        };

    /// <summary>A configuration directory whose vz.conf keeps everything inside the workspace.</summary>
    public string MakeConfiguration(string name)
    {
        var data = MakeDirectory(name);
        var config = Directory.CreateDirectory(Path.Combine(data, "etc")).FullName;
        CopyPackagedConfiguration(config);
        string[] own =
        [
            $"LOCKDIR=\"{data}/lock\"", $"DUMPDIR=\"{data}/dump\"", $"TEMPLATE=\"{data}/template\"", $"VE_ROOT=\"{data}/root/$VEID\"",
            $"VE_PRIVATE=\"{data}/private/$VEID\"", $"RUNDIR=\"{data}/run\"", $"CGROUP=\"{Name}/{name}\"", $"LOGFILE=\"{data}/log\"",
            // The host's own links are not to be touched.
            "NEIGHBOUR_DEVS=\"none\"",
            // As the peers' containers; where these files are what is measured it is changed.
            "VIRTUAL_PROC=\"no\"",
        ];
        var keys = own.Select(line => line[..line.IndexOf('=', StringComparison.Ordinal)]).ToHashSet();
        var file = Path.Combine(config, "vz.conf");
        var packaged = File.Exists(file) ? File.ReadAllLines(file) : [];
        File.WriteAllLines(file, [.. own, .. packaged.Where(line => !keys.Contains(line.Split('=')[0]))]);
        Directory.CreateDirectory(Path.Combine(config, "conf"));
        return config;
    }

    private static void CopyPackagedConfiguration(string target)
    {
        var repository = AppContext.BaseDirectory;
        while (repository is not null && !File.Exists(Path.Combine(repository, "Insula.slnx")))
            repository = Path.GetDirectoryName(repository);
        var source = Path.Combine(repository ?? "/", "packaging/etc/vz");
        if (!Directory.Exists(source))
            return;
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private void RemoveDirectory()
    {
        var mounts = MountTable.AtOrBelow(MountTable.Parse(File.ReadAllText("/proc/self/mountinfo")), Root);
        if (mounts.Count > 0)
            Console.Error.WriteLine($"{Root} stays: something is still mounted below it");
        else
            Directory.Delete(Root, recursive: true);
    }

    private void RemoveCgroups()
    {
        foreach (var hierarchy in Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup"))
            RemoveCgroup(Path.Combine(hierarchy, Name));
    }

    private static void RemoveCgroup(string path)
    {
        if (!Directory.Exists(path))
            return;
        foreach (var child in Directory.GetDirectories(path))
            RemoveCgroup(child);
        try
        {
            Directory.Delete(path);
        }
        catch (IOException error)
        {
            Console.Error.WriteLine($"cgroup {path} stays: {error.Message}");
        }
    }

    public void Dispose()
    {
        while (_undo.TryPop(out var action))
        {
            try
            {
                action();
            }
            catch (Exception error) when (error is BenchException or IOException or UnauthorizedAccessException or LinuxException)
            {
                Console.Error.WriteLine($"clean-up: {error.Message}");
            }
        }
    }
}

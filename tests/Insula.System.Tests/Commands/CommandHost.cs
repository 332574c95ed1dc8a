using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Insula.Linux.Mounts;
using Insula.System.Tests.Cgroups;
using Insula.System.Tests.Storage;

namespace Insula.System.Tests.Commands;

/// <summary>What a command of the native binary gave.</summary>
public sealed record CommandResult(int Code, string Output, string Error)
{
    public CommandResult Succeeds([CallerLineNumber] int line = 0)
    {
        Assert.True(Code == 0, $"line {line}: code {Code}\n{Output}\n{Error}");
        return this;
    }

    public CommandResult Fails(int code, string message = "", [CallerLineNumber] int line = 0)
    {
        Assert.True(Code == code && Error.Contains(message, StringComparison.Ordinal), $"line {line}: code {Code} instead of {code}\n{Output}\n{Error}");
        return this;
    }
}

/// <summary>
/// An installation of its own for one test: configuration, templates, containers and cgroup tree in places nobody else uses, with a
/// busybox template, driven through the native binary. Disposing it removes all and fails if anything was left.
/// </summary>
public sealed class CommandHost : IDisposable
{
    private static int _next;
    private readonly string _name = $"t-{Environment.ProcessId}-{Interlocked.Increment(ref _next)}";

    public CommandHost()
        : this(_ => null)
    {
    }

    /// <param name="makeDisk">Makes and mounts the disk that private/, whose path it gets, is to be on.</param>
    public CommandHost(Func<string, LoopDisk?> makeDisk)
    {
        Require.Root();
        Assert.SkipUnless(File.Exists("/bin/busybox"), "needs Debian's busybox-static");
        Binary = FindBinary();
        Assert.SkipUnless(File.Exists(Binary) || Environment.GetEnvironmentVariable("CI") == "true", $"needs the native binary {Binary} (./build.sh)");
        Base = Directory.CreateTempSubdirectory("insula-host-").FullName;
        File.SetUnixFileMode(Base, (UnixFileMode)0x1ED);
        WriteConfiguration();
        TakeIdsOfItsOwn();
        HostFindings.Give(Path.Combine(Base, "run"));
        BusyboxTemplate.Write(Path.Combine(Base, "template/cache/bb.tar"));
        try
        {
            Disk = makeDisk(Path.Combine(Base, "private"));
        }
        catch
        {
            // A test that is skipped for want of such a disk disposes nothing.
            Directory.Delete(Base, recursive: true);
            throw;
        }
    }

    /// <summary>An installation that counts by programs in the kernel, as one does by default. Loading them takes most of the time of a start.</summary>
    public static CommandHost WithPrograms()
    {
        var host = new CommandHost();
        host.SwitchOn("UBC_PROGRAMS");
        return host;
    }

    /// <summary>An installation whose private areas are on a disk of their own, with a file system of a kind.</summary>
    public static CommandHost OnDisk(string type, long megabytes, string options = "", params string[] mkfsOptions)
        => new(point => LoopDisk.Mounted(type, megabytes, point, options, mkfsOptions));

    /// <summary>Files in run/ that tell of the host, and stay when its containers have gone.</summary>
    public static IReadOnlyList<string> KeptOfTheHost { get; } = ["host.beancounters", "bpf.fields", "bpf.mechanisms"];

    /// <summary>The disk that private/ is on; null: the host's own.</summary>
    public LoopDisk? Disk { get; }

    public string Base { get; }

    /// <summary>The network namespace that the commands take for the host's; null: the host's own.</summary>
    public Network.PrivateNetwork? Network { get; set; }

    /// <summary>A program, with its first arguments, that executes the commands.</summary>
    public IReadOnlyList<string> Wrapper { get; set; } = [];

    public string Binary { get; }

    /// <summary>What the cgroup directories of these containers are below.</summary>
    public string CgroupName => $"{TestTree.Parent}/{_name}";

    public string ConfigFile(int ctid) => Path.Combine(Base, $"etc/conf/{ctid}.conf");

    public string Private(int ctid) => Path.Combine(Base, $"private/{ctid}");

    public string Root(int ctid) => Path.Combine(Base, $"root/{ctid}");

    public static int NewCtid() => 40_000 + (Environment.ProcessId % 1000 * 100) + Interlocked.Increment(ref _next);

    /// <summary>An address that no other test of this run or of another one beside it uses.</summary>
    public static string NewAddress()
    {
        var number = Interlocked.Increment(ref _next);
        return $"10.{200 + (Environment.ProcessId % 50)}.{Environment.ProcessId / 50 % 250}.{1 + (number % 250)}";
    }

    public CommandResult Vzctl(params IReadOnlyList<string> arguments) => Run("vzctl", arguments, "", []);

    public CommandResult VzctlFed(string input, params IReadOnlyList<string> arguments) => Run("vzctl", arguments, input, []);

    public CommandResult VzctlWith((string, string)[] environment, params IReadOnlyList<string> arguments) => Run("vzctl", arguments, "", environment);

    /// <summary>A line for the host's shell, with this installation's configuration.</summary>
    public CommandResult Shell(string line) => Finish(new ProcessStartInfo("/bin/bash", ["-c", line]), "", []);

    public CommandResult Insula(params IReadOnlyList<string> arguments) => Finish(new ProcessStartInfo(Binary, arguments), "", []);

    public CommandResult Vzubc(params IReadOnlyList<string> arguments) => Run("vzubc", arguments, "", []);

    public CommandResult Vzquota(params IReadOnlyList<string> arguments) => Run("vzquota", arguments, "", []);

    /// <summary>Another program of the binary.</summary>
    public CommandResult Program(string name, params IReadOnlyList<string> arguments) => Run(name, arguments, "", []);

    public CommandResult Vzlist(params IReadOnlyList<string> arguments) => Run("vzlist", arguments, "", []);

    /// <summary>A new busybox container; started if asked.</summary>
    public int Container(bool started = false, params IReadOnlyList<string> options)
    {
        var ctid = NewCtid();
        Vzctl(["create", $"{ctid}", "--ostemplate", "bb", .. options]).Succeeds();
        if (started)
            Vzctl("start", $"{ctid}").Succeeds();
        return ctid;
    }

    /// <summary>The output of a shell line in a container.</summary>
    public string In(int ctid, string line) => Vzctl("exec2", $"{ctid}", line).Succeeds().Output;

    /// <summary>A command that is running.</summary>
    public Process Start(params IReadOnlyList<string> arguments) => Process.Start(Prepare(new ProcessStartInfo(Binary, ["vzctl", .. arguments]), []))!;

    public string Cgroup(string controller, int ctid, string file) => File.ReadAllText($"{CgroupDirectory(controller, ctid)}/{file}").Trim();

    /// <summary>The container's directory in the hierarchy of a controller: its own with version 1, the only one with version 2.</summary>
    public string CgroupDirectory(string controller, int ctid)
    {
        var v1 = $"/sys/fs/cgroup/{controller}/{CgroupName}/{ctid}";
        return Directory.Exists(v1) ? v1 : $"/sys/fs/cgroup/{CgroupName}/{ctid}";
    }

    public IReadOnlyList<string> CgroupsLeft()
        => [.. Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(hierarchy => $"{hierarchy}/{CgroupName}").Where(Directory.Exists).SelectMany(Directory.GetDirectories)];

    public IReadOnlyList<string> MountsLeft() => [.. MountTable.AtOrBelow(MountTable.ReadOwn(), Base).Select(entry => entry.MountPoint)];

    /// <summary>Containers get a /proc of their own from a daemon of this installation, which the first start starts.</summary>
    public TestDaemon UseDaemon()
    {
        SwitchOn("VIRTUAL_PROC");
        return Daemon ??= new TestDaemon(this);
    }

    /// <summary>The daemon; null if this installation uses none.</summary>
    public TestDaemon? Daemon { get; private set; }

    /// <summary>Stops and destroys all containers, but perhaps one.</summary>
    public void RemoveContainers(int? except = null)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Base, "etc/conf"), "*.conf"))
        {
            var ctid = Path.GetFileNameWithoutExtension(file);
            if (ctid == "0" || ctid == except?.ToString(CultureInfo.InvariantCulture))
                continue;
            Vzctl("stop", ctid, "--fast");
            Vzctl("umount", ctid);
            Vzctl("destroy", ctid);
        }
    }

    public void Dispose()
    {
        RemoveContainers();
        Daemon?.End();
        var mounts = MountsLeft().Except(Disk == null ? [] : [Path.Combine(Base, "private")]).ToList();
        var groups = CgroupsLeft();
        foreach (var hierarchy in Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup"))
        {
            if (Directory.Exists($"{hierarchy}/{CgroupName}") && groups.Count == 0)
                Directory.Delete($"{hierarchy}/{CgroupName}");
        }
        Assert.Empty(mounts);
        Assert.Empty(groups);
        HostFindings.Learn(Path.Combine(Base, "run"));
        // What belongs to the host outlives containers.
        foreach (var kept in KeptOfTheHost)
            File.Delete(Path.Combine(Base, "run", kept));
        var areas = Directory.GetFileSystemEntries(Path.Combine(Base, "private")).Where(path => Path.GetFileName(path) != "lost+found").ToList();
        Disk?.Dispose();
        Assert.Empty(areas);
        if (Directory.Exists(Path.Combine(Base, "quota")))
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Base, "quota")));
        if (Directory.Exists(Path.Combine(Base, "veip")))
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Base, "veip")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Base, "run")));
        Directory.Delete(Base, recursive: true);
    }

    private void SwitchOn(string name)
    {
        var file = Path.Combine(Base, "etc/vz.conf");
        File.WriteAllText(file, File.ReadAllText(file).Replace($"{name}=\"no\"", $"{name}=\"yes\"", StringComparison.Ordinal));
    }

    private CommandResult Run(string program, IReadOnlyList<string> arguments, string input, (string Name, string Value)[] environment)
    {
        // `insula vzctl ...` is the same program by another name.
        return Finish(new ProcessStartInfo(Binary, [program, .. arguments]), input, environment);
    }

    private CommandResult Finish(ProcessStartInfo information, string input, (string Name, string Value)[] environment)
    {
        using var process = Process.Start(Prepare(information, environment))!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandResult(process.ExitCode, output, error.Result);
    }

    private ProcessStartInfo Prepare(ProcessStartInfo information, (string Name, string Value)[] environment)
    {
        List<string> before = [.. Network?.Entry ?? [], .. Wrapper];
        if (before.Count > 0)
            information = new ProcessStartInfo(before[0], [.. before[1..], information.FileName, .. information.ArgumentList]);
        information.RedirectStandardInput = true;
        information.RedirectStandardOutput = true;
        information.RedirectStandardError = true;
        information.Environment["INSULA_CONFIG_DIR"] = Path.Combine(Base, "etc");
        foreach (var (name, value) in environment)
            information.Environment[name] = value;
        return information;
    }

    private void WriteConfiguration()
    {
        foreach (var directory in new[] { "etc/conf", "etc/names", "lock", "dump", "template/cache", "root", "private", "run" })
            Directory.CreateDirectory(Path.Combine(Base, directory));
        File.WriteAllText(Path.Combine(Base, "etc/vz.conf"), $"""
            LOCKDIR="{Base}/lock"
            DUMPDIR="{Base}/dump"
            TEMPLATE="{Base}/template"
            VE_ROOT="{Base}/root/$VEID"
            VE_PRIVATE="{Base}/private/$VEID"
            RUNDIR="{Base}/run"
            QUOTADIR="{Base}/quota"
            VEIPDUMPDIR="{Base}/veip"
            CGROUP="{CgroupName}"
            LOGFILE="{Base}/vzctl.log"
            CONFIGFILE="small"
            NEIGHBOUR_DEVS="none"
            VIRTUAL_PROC="no"
            UBC_PROGRAMS="no"

            """);
        File.WriteAllText(Path.Combine(Base, "etc/conf/ve-small.conf-sample"), "PHYSPAGES=\"0:65536\"\nSWAPPAGES=\"0:65536\"\nNUMPROC=\"100:100\"\n");
    }

    // Ranges of ids are given out within an installation; two on one file system that counts by them must not begin with the same.
    private void TakeIdsOfItsOwn()
    {
        Directory.CreateDirectory(Path.Combine(Base, "lock"));
        File.WriteAllText(Path.Combine(Base, "lock/next-id-range"), $"{Interlocked.Increment(ref _next) % 1000 * 20}\n");
    }

    private static string FindBinary([CallerFilePath] string here = "")
        => Environment.GetEnvironmentVariable("INSULA_BINARY") is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../out/insula"));
}

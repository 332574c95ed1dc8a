using System.Diagnostics;

namespace Insula.Engine.Templates.Building;

/// <summary>Makes a Debian root file system in a directory with mmdebstrap.</summary>
internal sealed class DebianBootstrap(TemplateKind kind, TemplateBuildOptions options, Action<TemplateProgress>? progress)
{
    private const int KeptLines = 12;

    // What a small server is expected to have. ifupdown, because one file of it configures the network in all three releases.
    private static readonly string[] CommonPackages =
    [
        "ca-certificates", "cron", "ifupdown", "iproute2", "iputils-ping", "less", "logrotate", "netbase", "openssh-server", "procps",
        "rsyslog", "tzdata", "vim-tiny",
    ];

    // mmdebstrap mounts /proc, /sys and /dev into the tree. In namespaces of its own these mounts, and all processes of packages
    // being configured, end with it even if it is killed; else they would stay on the host.
    private static readonly string[] Enclosure = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];

    private static readonly string[] SystemdPackages = ["dbus", "libpam-systemd", "systemd-sysv"];

    private readonly Queue<string> _lastLines = new();

    /// <summary>Runs mmdebstrap.</summary>
    /// <param name="work">An empty directory of our own.</param>
    /// <param name="root">Where the root file system is made; in <paramref name="work"/>.</param>
    /// <exception cref="InsulaException">It failed (91); its last lines are in the message.</exception>
    /// <exception cref="OperationCanceledException">The build was cancelled; mmdebstrap and its children are gone.</exception>
    public void Run(string work, string root)
    {
        var program = HostProgram.Require("mmdebstrap", "mmdebstrap", "build Debian templates");
        var command = HostProgram.Command(
            HostProgram.Require("unshare", "util-linux", "build Debian templates"),
            [.. Enclosure, "--", program, .. Arguments(GatherKeys(work)), "--", SuiteName, root, .. Sources]);
        PassProxies(command);
        using var process = Process.Start(command)
            ?? throw new InsulaException(ExitCode.NotEnoughResources, $"Cannot start {program}");
        process.StandardInput.Close();
        using (options.Cancellation.Register(() => process.Kill(entireProcessTree: true)))
            Listen(process);
        process.WaitForExit();
        options.Cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw new InsulaException(
                ExitCode.TemplateNotFound,
                $"mmdebstrap could not make {SuiteName} (exit status {process.ExitCode}): {string.Join(" | ", _lastLines)}",
                "check the mirror and the network; --mirror names another mirror");
    }

    /// <summary>The lines of sources.list, which also go into the template.</summary>
    public IReadOnlyList<string> Sources
    {
        get
        {
            var host = DebianMirrors.OfHost();
            var main = DebianMirrors.Check(options.Mirror ?? host.Main);
            var security = DebianMirrors.Check(options.SecurityMirror ?? host.Security);
            var components = options.Components.Count == 0 ? "main" : string.Join(' ', options.Components.Select(CheckWord));
            // Unstable has no updates of its own.
            return SuiteName is "sid" or "unstable"
                ? [$"deb {main} {SuiteName} {components}"]
                :
                [
                    $"deb {main} {SuiteName} {components}",
                    $"deb {main} {SuiteName}-updates {components}",
                    $"deb {security} {SuiteName}-security {components}",
                ];
        }
    }

    private string SuiteName => CheckWord(options.Suite ?? kind.Suite);

    internal IReadOnlyList<string> Arguments(string keyring) =>
    [
        "--mode=root",
        "--variant=minbase",
        "--format=directory",
        $"--keyring={keyring}",
        $"--include={string.Join(',', Packages)}",
    ];

    private IEnumerable<string> Packages
    {
        get
        {
            var init = options.Init == TemplateInit.Systemd ? SystemdPackages : SysVinitPackages;
            return CommonPackages.Concat(init).Concat(kind.Packages).Concat(options.Packages.Select(CheckWord)).Distinct();
        }
    }

    // From Debian 12 on, packages such as rsyslog leave their init scripts to a package of orphans.
    private string[] SysVinitPackages => kind.Suite == "bullseye" ? ["sysvinit-core"] : ["sysvinit-core", "orphan-sysvinit-scripts"];

    // Debian's own keys only, not all that the host trusts. Those of releases that are no longer supported are in a file of their own.
    private static string GatherKeys(string work)
    {
        const string source = "/usr/share/keyrings";
        var directory = Directory.CreateDirectory($"{work}/keys").FullName;
        var found = false;
        foreach (var path in Directory.Exists(source) ? Directory.EnumerateFiles(source, "debian-archive-*.gpg") : [])
        {
            File.Copy(path, $"{directory}/{Path.GetFileName(path)}");
            found = true;
        }

        // apt checks signatures as the user _apt.
        File.SetUnixFileMode(directory, (UnixFileMode)0x1ED);
        return found
            ? directory
            : throw new InsulaException(
                ExitCode.NotEnoughResources, "The keys that Debian signs packages with are not installed", "apt-get install debian-archive-keyring");
    }

    private static void PassProxies(ProcessStartInfo command)
    {
        foreach (var name in new[] { "http_proxy", "https_proxy", "no_proxy" })
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } proxy)
                command.Environment[name] = proxy;
        }

        if (!command.Environment.ContainsKey("http_proxy") && HostProxy() is { Length: > 0 } configured)
            command.Environment["http_proxy"] = configured;
    }

    // The host's apt may be set to use a proxy, which mmdebstrap's own apt does not know of.
    private static string? HostProxy()
    {
        if (HostProgram.Find("apt-config") is not { } program)
            return null;
        using var process = Process.Start(HostProgram.Command(program, "dump", "--format", "%v%n", "Acquire::http::Proxy"));
        return process?.StandardOutput.ReadLine()?.Trim();
    }

    // "I: downloading packages with apt..."
    private void Listen(Process process)
    {
        var drain = new Thread(() => process.StandardOutput.BaseStream.CopyTo(Stream.Null)) { IsBackground = true };
        drain.Start();
        while (process.StandardError.ReadLine() is { } line)
        {
            line = Linux.FileTrees.EntryName.Display(Linux.FileTrees.EntryName.Of(line), 300);
            if (line.StartsWith("I: ", StringComparison.Ordinal))
                progress?.Invoke(new TemplateProgress(StageOf(line), line[3..], 0, 0));
            if (line.Length == 0)
                continue;
            _lastLines.Enqueue(line);
            if (_lastLines.Count > KeptLines)
                _lastLines.Dequeue();
        }

        drain.Join();
    }

    private static TemplateStage StageOf(string line)
    {
        if (line.Contains("download", StringComparison.Ordinal) || line.Contains("apt-get update", StringComparison.Ordinal))
            return TemplateStage.Downloading;
        if (line.Contains("extracting", StringComparison.Ordinal))
            return TemplateStage.Unpacking;
        return line.Contains("cleaning", StringComparison.Ordinal) ? TemplateStage.Cleaning : TemplateStage.Configuring;
    }

    // Package, component and suite names: letters, digits and "+-.:/" of which none makes an option or a second word.
    private static string CheckWord(string word)
    {
        var valid = word.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(word[0]);
        foreach (var character in word)
            valid &= char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or '.' or ':';
        return valid
            ? word
            : throw new InsulaException(
                ExitCode.BadValue, $"'{Linux.FileTrees.EntryName.Display(Linux.FileTrees.EntryName.Of(word), 80)}' is not the name of a package, component or suite");
    }
}

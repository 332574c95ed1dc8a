using Insula.Engine.Io;
using Insula.Engine.Quotas;
using Insula.Linux.Cgroups;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>The host this process runs on.</summary>
public sealed class HostView : IHostView
{
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const int LongestLine = 256;

    private HashSet<string>? _symbols;

    /// <inheritdoc/>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A file of /proc or /sys that is not there says that the feature is not.
            return null;
        }
    }

    /// <inheritdoc/>
    public bool Exists(string path) => Path.Exists(path);

    /// <inheritdoc/>
    public Errno Ask(KernelProbe probe) => KernelProbes.Ask(probe);

    /// <inheritdoc/>
    public bool HasKernelPart(string symbol, string module)
        => (_symbols ??= ReadSymbols()).Contains(symbol) || IsModuleInstalled(module);

    /// <inheritdoc/>
    public DataView LookAtData(string directory)
    {
        var disks = DataDisks.Of(directory);
        var world = CgroupWorld.Detect();
        var whyNoLimits = world.Find(CgroupController.BlockIo) == null ? "this host has no blkio or io controller"
            : disks.Devices.Count == 0 ? $"the file system of {directory} has no block device that can be found" : null;
        return new DataView(MountOf(directory)?.Type ?? "", disks.Names, whyNoLimits, disks.WeighedBy(world), disks.WhyNoWeights(world),
            DiskQuotas.MechanismOf(directory), DiskQuotas.WhyNone(directory));
    }

    /// <inheritdoc/>
    public string? FindProgram(string name)
    {
        foreach (var directory in SearchPath.Split(':'))
        {
            var path = Path.Combine(directory, name);
            if (File.Exists(path))
                return path;
        }
        return null;
    }

    /// <inheritdoc/>
    public string? FirstLineOf(string program, string argument)
    {
        var (reader, writer) = Files.Pipe();
        using (reader)
        {
            using var nothing = Files.Open("/dev/null", OpenFlags.ReadWrite);
            using var plan = new LaunchPlan();
            plan.AddStandardStreams(nothing, writer, nothing);
            plan.AddCloseOnExecFrom(3);
            plan.AddFreshSignals();
            plan.AddExecuteFirst([(program, [program, argument])], [$"PATH={SearchPath}", "LC_ALL=C"]);
            try
            {
                using var child = Launcher.Start(plan, CloneFlags.None);
                writer.Dispose();
                child.AwaitExec();
                var line = ReadLine(reader);
                return child.PidFd.Wait().ShellCode == 0 ? line : null;
            }
            catch (LinuxException)
            {
                // A program that cannot be executed is as good as none.
                return null;
            }
        }
    }

    // The mount whose point is the longest beginning of the path; of several at one point the last counts.
    private static MountEntry? MountOf(string path)
    {
        MountEntry? best = null;
        foreach (var entry in MountTable.ReadOwn())
        {
            var point = entry.MountPoint.TrimEnd('/');
            var holds = path.StartsWith(point, StringComparison.Ordinal) && (path.Length == point.Length || path[point.Length] == '/');
            if (holds && (best == null || entry.MountPoint.Length >= best.MountPoint.Length))
                best = entry;
        }
        return best;
    }

    // "ffffffff81e07980 t veth_setup" or with a tab and "[module]" at the end.
    private static HashSet<string> ReadSymbols()
    {
        var wanted = new HashSet<string>(KernelParts.Symbols);
        var found = new HashSet<string>();
        var names = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var line in File.ReadLines("/proc/kallsyms"))
        {
            var name = line.AsSpan(line.LastIndexOf(' ') + 1);
            var tab = name.IndexOf('\t');
            if (names.TryGetValue(tab < 0 ? name : name[..tab], out var known))
                found.Add(known);
        }
        return found;
    }

    // "kernel/net/netfilter/nf_tables.ko.xz: kernel/..." with '-' and '_' used alike.
    private bool IsModuleInstalled(string module)
    {
        var release = Read("/proc/sys/kernel/osrelease");
        var list = Read($"/lib/modules/{release}/modules.dep");
        return list != null
            && (list.Contains($"/{module}.ko", StringComparison.Ordinal)
                || list.Contains($"/{module.Replace('_', '-')}.ko", StringComparison.Ordinal));
    }

    private static string ReadLine(FileDescriptor reader)
    {
        Span<byte> buffer = stackalloc byte[LongestLine];
        var length = 0;
        int got;
        while (length < LongestLine && (got = (int)Kernel.Check(Files.TryRead(reader, buffer[length..]), "read from", "a program")) > 0)
            length += got;
        var text = System.Text.Encoding.UTF8.GetString(buffer[..length]);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).Trim();
    }
}

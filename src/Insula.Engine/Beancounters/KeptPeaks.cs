using System.Globalization;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters;

/// <summary>
/// The largest figures that were seen of resources whose peak the kernel does not keep: a small file in the run-time directory, renewed by
/// whoever reads. A container's file is made when it starts, which is how its peaks are reset; one that has none keeps no peaks.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="create">True to make it when it is missing: the host's.</param>
internal sealed class KeptPeaks(string path, bool create = false)
{
    /// <summary>The file's name in a container's run-time directory.</summary>
    public const string FileName = "beancounters";

    /// <summary>The host's file's name in RUNDIR.</summary>
    public const string HostFileName = "host.beancounters";

    private readonly Dictionary<string, long> _peaks = new(StringComparer.Ordinal);
    private bool _loaded;
    private bool _changed;

    /// <summary>Makes a container's file, or empties it.</summary>
    public static void Reset(string path)
    {
        using var file = Files.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, 0x180); // 0600
    }

    /// <summary>The largest of what was seen before and <paramref name="held"/>.</summary>
    public long Raise(BeancounterResource resource, long held)
    {
        Load();
        if (_peaks.TryGetValue(resource.Name, out var known) && known >= held)
            return known;
        _peaks[resource.Name] = held;
        _changed = true;
        return held;
    }

    /// <summary>
    /// Writes what has risen. In place and with lines of one length, so that nothing is ever made in the directory of a container that is
    /// just being cleared away, and two who write at once leave a file that can be read.
    /// </summary>
    public void Save()
    {
        if (!_changed)
            return;
        var text = new StringBuilder();
        foreach (var resource in BeancounterResources.All)
        {
            if (_peaks.TryGetValue(resource.Name, out var peak))
                text.Append(CultureInfo.InvariantCulture, $"{resource.Name,-12} {peak,20}\n");
        }
        var opened = Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.WriteOnly | (create ? OpenFlags.Create : 0), 0x180);
        if (Kernel.ErrnoOf(opened) is Errno.ENOENT)
            return;
        using var file = new FileDescriptor((int)Kernel.Check(opened, "keep the peaks in", path));
        Files.WriteAll(file, Encoding.UTF8.GetBytes(text.ToString()), path);
    }

    private void Load()
    {
        if (_loaded)
            return;
        _loaded = true;
        if (!File.Exists(path))
            return;
        foreach (var line in File.ReadAllLines(path))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 2 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var peak))
                _peaks[words[0]] = peak;
        }
    }
}

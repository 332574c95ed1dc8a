namespace Insula.Engine.Host;

/// <summary>
/// RUNDIR/sysctls.before: the kernel's settings as they were before they were changed, a line each such as
/// <c>net/ipv4/ip_forward 0</c>. It goes with the reboot that takes the changes back.
/// </summary>
/// <param name="layout">Where RUNDIR is.</param>
public sealed class SysctlRecord(HostLayout layout)
{
    private string FilePath => Path.Combine(layout.RunDirectory, "sysctls.before");

    /// <summary>Adds changes. A setting that is noted already keeps its first value.</summary>
    public void Add(IReadOnlyList<SysctlChange> changes)
    {
        if (changes.Count == 0)
            return;
        var known = Load();
        var lines = new List<string>();
        foreach (var change in known.Concat(changes.Where(change => !known.Any(old => old.Path == change.Path))))
            lines.Add($"{change.Path} {change.Before}");
        Directory.CreateDirectory(layout.RunDirectory);
        File.WriteAllLines(FilePath, lines);
    }

    /// <summary>What is noted. Lines that are none of ours are passed over.</summary>
    public IReadOnlyList<SysctlChange> Load()
    {
        var changes = new List<SysctlChange>();
        if (!File.Exists(FilePath))
            return changes;
        foreach (var line in File.ReadLines(FilePath))
        {
            if (line.Split(' ') is [var path, var before] && IsSetting(path))
                changes.Add(new SysctlChange(path, before, ""));
        }
        return changes;
    }

    /// <summary>Forgets what is noted.</summary>
    public void Clear()
    {
        // Where nothing was ever run there is not even the directory.
        if (File.Exists(FilePath))
            File.Delete(FilePath);
    }

    // Every setting that Insula ever changes is forwarding below net/ or one of the limits.
    private static bool IsSetting(string path)
        => !path.Contains("..", StringComparison.Ordinal)
            && (path.StartsWith("net/", StringComparison.Ordinal) || HostLimits.All.Any(limit => limit.Path == path));
}

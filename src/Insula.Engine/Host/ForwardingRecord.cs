using Insula.Engine.Network;

namespace Insula.Engine.Host;

/// <summary>
/// RUNDIR/sysctls.before: the settings of packet forwarding as they were before they were changed, a line each such as
/// <c>net/ipv4/ip_forward 0</c>. It goes with the reboot that takes the changes back.
/// </summary>
/// <param name="layout">Where RUNDIR is.</param>
public sealed class ForwardingRecord(HostLayout layout)
{
    private const string Prefix = "net/";

    private string FilePath => Path.Combine(layout.RunDirectory, "sysctls.before");

    /// <summary>Adds changes. A setting that is noted already keeps its first value.</summary>
    public void Add(IReadOnlyList<HostForwarding.Change> changes)
    {
        if (changes.Count == 0)
            return;
        var known = Load();
        var lines = new List<string>();
        foreach (var change in known.Concat(changes.Where(change => !known.Any(old => old.Path == change.Path))))
            lines.Add($"{Prefix}{change.Path} {change.Before}");
        Directory.CreateDirectory(layout.RunDirectory);
        File.WriteAllLines(FilePath, lines);
    }

    /// <summary>What is noted. Lines that are none of ours are passed over.</summary>
    public IReadOnlyList<HostForwarding.Change> Load()
    {
        var changes = new List<HostForwarding.Change>();
        if (!File.Exists(FilePath))
            return changes;
        foreach (var line in File.ReadLines(FilePath))
        {
            if (line.Split(' ') is [var path, var before] && path.StartsWith(Prefix, StringComparison.Ordinal) && !path.Contains("..", StringComparison.Ordinal))
                changes.Add(new HostForwarding.Change(path[Prefix.Length..], before, ""));
        }
        return changes;
    }

    /// <summary>Forgets what is noted.</summary>
    public void Clear() => File.Delete(FilePath);
}

using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Names;

/// <summary>
/// What a running container is to be found by: RUNDIR/CTID/names, the lines "group", "label" and its addresses. All of it is the host
/// administrator's word; nothing is taken from the container.
/// </summary>
/// <param name="Ctid">Whose it is.</param>
/// <param name="Group">NAME_GROUP; empty: only the host knows it.</param>
/// <param name="Label">The first part of its name: <c>web</c>.</param>
/// <param name="Addresses">Its addresses.</param>
internal sealed record PublishedName(Ctid Ctid, string Group, string Label, IReadOnlyList<IpAddress> Addresses)
{
    private const string FileName = "names";
    private const int LargestFile = 1 << 16;

    /// <summary>Lines of hosts(5): <c>10.0.0.5 web.ct.internal web</c>.</summary>
    /// <param name="domain">NAMES_DOMAIN.</param>
    /// <param name="isShort">True to have the name without domain too, if it is one label.</param>
    public IEnumerable<string> HostsLines(string domain, bool isShort)
    {
        var alias = isShort && !Label.Contains('.', StringComparison.Ordinal) ? " " + Label : "";
        return Addresses.Select(address => $"{address}\t{Label}.{domain}{alias}");
    }

    /// <summary>All of this host's, in the order of their numbers.</summary>
    public static IReadOnlyList<PublishedName> ReadAll(RuntimeState runtime, string runDirectory)
    {
        var names = new List<PublishedName>();
        if (!Directory.Exists(runDirectory))
            return names;
        foreach (var path in Directory.EnumerateDirectories(runDirectory))
        {
            if (Ctid.TryParse(Path.GetFileName(path), out var ctid) && TryRead(runtime, ctid) is { } name)
                names.Add(name);
        }
        names.Sort((one, other) => one.Ctid.Value.CompareTo(other.Ctid.Value));
        return names;
    }

    /// <summary>A container's; null if it has published none.</summary>
    public static PublishedName? TryRead(RuntimeState runtime, Ctid ctid)
    {
        if (SmallFile.TryRead(PathOf(runtime, ctid), LargestFile) is not { } bytes)
            return null;
        var lines = Encoding.ASCII.GetString(bytes).Split('\n', StringSplitOptions.None);
        return lines.Length < 3 ? null : new PublishedName(ctid, lines[0], lines[1], [.. lines[2..].Where(line => line.Length > 0).Select(IpAddress.Parse)]);
    }

    /// <summary>Remembers it, as long as the container runs.</summary>
    public void Write(RuntimeState runtime)
    {
        Directory.CreateDirectory(runtime.DirectoryOf(Ctid));
        AtomicFile.Replace(PathOf(runtime, Ctid), Encoding.ASCII.GetBytes($"{Group}\n{Label}\n{string.Join('\n', Addresses)}\n"), durable: false);
    }

    /// <summary>Forgets a container's.</summary>
    public static void Forget(RuntimeState runtime, Ctid ctid)
    {
        if (Directory.Exists(runtime.DirectoryOf(ctid)))
            File.Delete(PathOf(runtime, ctid));
    }

    /// <summary>Whether the two say the same.</summary>
    public bool Equals(PublishedName? other)
        => other is not null && Ctid == other.Ctid && Group == other.Group && Label == other.Label && Addresses.SequenceEqual(other.Addresses);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Ctid, Group, Label);

    private static string PathOf(RuntimeState runtime, Ctid ctid) => Path.Combine(runtime.DirectoryOf(ctid), FileName);
}

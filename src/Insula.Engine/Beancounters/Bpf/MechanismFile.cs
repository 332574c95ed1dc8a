using System.Text;
using Insula.Engine.Configuration;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// What was found out about this kernel, kept in the run directory so that only the first command after a start of the host pays for it.
/// A line each: resource, "exact" or "none", detail; the first line names the revision and the kernel.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="fields">The kernel's fields.</param>
internal sealed class MechanismFile(string path, KernelFields fields)
{
    private const string ExactWord = "exact";
    private const string NoneWord = "none";

    private Dictionary<BeancounterResource, BpfMechanism>? _known;

    /// <summary>What can be done about a resource.</summary>
    public BpfMechanism Of(BeancounterResource resource)
    {
        _known ??= TryRead() ?? FindAll();
        return _known.TryGetValue(resource, out var mechanism) ? mechanism : new BpfMechanism(false, "no programs count it");
    }

    private static string Heading => $"revision {HostPrograms.Revision} of Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}";

    private Dictionary<BeancounterResource, BpfMechanism>? TryRead()
    {
        if (!File.Exists(path))
            return null;
        var lines = File.ReadAllLines(path);
        if (lines.Length != IBpfAccounting.Resources.Count + 1 || lines[0] != Heading)
            return null;
        var known = new Dictionary<BeancounterResource, BpfMechanism>();
        foreach (var line in lines.Skip(1))
        {
            if (line.Split(' ', 3) is not [var name, var word, var detail] || BeancounterResources.Find(name) is not { } resource)
                return null;
            known[resource] = new BpfMechanism(word == ExactWord, detail);
        }
        return known;
    }

    // Who is not root learns nothing, and would write it down for those who are.
    private Dictionary<BeancounterResource, BpfMechanism> FindAll()
    {
        var found = IBpfAccounting.Resources.ToDictionary(resource => resource, resource => BpfMechanisms.Find(resource, fields));
        if (!Environment.IsPrivilegedProcess || !Directory.Exists(Path.GetDirectoryName(path)))
            return found;
        var text = new StringBuilder(Heading).Append('\n');
        foreach (var (resource, mechanism) in found)
            text.Append($"{resource.Name} {(mechanism.Exact ? ExactWord : NoneWord)} {mechanism.Detail.ReplaceLineEndings(" ")}\n");
        fields.Save();
        AtomicFile.Replace(path, Encoding.UTF8.GetBytes(text.ToString()), durable: false);
        return found;
    }
}

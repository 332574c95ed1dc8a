using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>The host's programs, attached: each resource's are in force together, as long as their links have names.</summary>
/// <param name="directory">Where the names are.</param>
/// <param name="maps">The maps they work on.</param>
/// <param name="fields">The kernel's fields.</param>
internal sealed class HostProgramSet(BpfDirectory directory, BpfMapSet maps, KernelFields fields)
{
    /// <summary>
    /// Attaches what is missing. Programs of another revision that are in force are replaced: the new ones are attached beside them and do
    /// nothing until one word is written that makes the old ones do nothing, so every event is counted once.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused; what was in force before still is.</exception>
    public void Ensure(IEnumerable<BeancounterResource> resources)
    {
        var links = directory.LinksOf(HostPrograms.Revision);
        foreach (var resource in resources)
        {
            if (!Directory.Exists($"{links}/{resource.Name}"))
                AttachAndName(resource, links);
        }
        maps.State.TryGet(0, out var state);
        if (state.Revision != HostPrograms.Revision)
            maps.State.Set(0, state with { Revision = HostPrograms.Revision });
        foreach (var old in directory.LinksOfOthers(HostPrograms.Revision).ToList())
            BpfDirectory.RemoveTree(old);
    }

    /// <summary>Loads and attaches the programs of a resource; whoever gets the links keeps them in force, or closes them.</summary>
    /// <exception cref="LinuxException">The kernel refused; nothing is attached.</exception>
    public static List<(string Name, BpfLink Link)> Attach(BeancounterResource resource, BpfMapSet maps, KernelFields fields)
    {
        var links = new List<(string, BpfLink)>();
        try
        {
            foreach (var written in HostPrograms.Write(resource, ProgramMaps.Of(maps), fields))
            {
                using var program = HostPrograms.Load(written, fields);
                links.Add((written.Name, BpfLink.Attach(program)));
            }
            return links;
        }
        catch (LinuxException)
        {
            foreach (var (_, link) in links)
                link.Dispose();
            throw;
        }
    }

    private void AttachAndName(BeancounterResource resource, string links)
    {
        var final = $"{links}/{resource.Name}";
        var temporary = $"{final}_new";
        BpfDirectory.RemoveTree(temporary);
        var attached = Attach(resource, maps, fields);
        try
        {
            Directory.CreateDirectory(temporary);
            foreach (var (name, link) in attached)
                BpfPin.Add(link.Descriptor, $"{temporary}/{name}");
            Directory.Move(temporary, final);
        }
        finally
        {
            foreach (var (_, link) in attached)
                link.Dispose();
        }
    }
}

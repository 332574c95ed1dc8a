using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Insula.Engine.ProcFs.Files;
using Insula.Linux.Cgroups;

namespace Insula.Engine.ProcFs;

/// <summary>
/// The directories cpuN of a container's /sys/devices/system/cpu, one for each processor it may use, with what the host has in its own that
/// programs read. Their numbers lie above those of <see cref="VirtualPaths"/>.
/// </summary>
internal static class ProcessorEntries
{
    /// <summary>Below the container's directory: where they are.</summary>
    public const string Directory = "sys/devices/system/cpu";

    /// <summary>The number of the first one.</summary>
    public const int FirstIndex = 4096;

    // Room for 960 processors in the 16 bits of an entry's number.
    private const int PerProcessor = 64, MostIndexes = 1 << 16;

    private static readonly (string Path, bool IsFile)[] Template = BuildTemplate();
    private static readonly int Parent = VirtualPaths.IndexOf(Directory);

    /// <summary>The entry with that number; null if there is none.</summary>
    public static VirtualPaths.Entry? Find(int index)
    {
        if (index is < FirstIndex or >= MostIndexes || (index - FirstIndex) % PerProcessor is var place && place >= Template.Length)
            return null;
        var number = (index - FirstIndex) / PerProcessor;
        var (path, isFile) = Template[place];
        if (place == 0)
            return new VirtualPaths.Entry(index, Parent, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cpu{number}")), null);
        if (isFile ? !File.Exists(HostPath(number, path)) : !System.IO.Directory.Exists(HostPath(number, path)))
            return null;
        var slash = path.LastIndexOf('/');
        var parent = slash < 0 ? 0 : Array.FindIndex(Template, entry => entry.Path.AsSpan().SequenceEqual(path.AsSpan(0, slash)));
        return new VirtualPaths.Entry(
            index, index - place + parent, Encoding.ASCII.GetBytes(path[(slash + 1)..]), isFile ? new ProcessorFile(number, path) : null);
    }

    /// <summary>The entry of that name in a directory; null if there is none.</summary>
    public static VirtualPaths.Entry? Find(int directory, ReadOnlySpan<byte> name, CpuSet processors)
    {
        if (directory == Parent)
        {
            return name.StartsWith("cpu"u8) && Utf8Parser.TryParse(name[3..], out int number, out var used) && used == name.Length - 3 && processors.Contains(number)
                && Find(FirstIndex + (number * PerProcessor)) is { } found && name.SequenceEqual(found.Name)
                    ? found
                    : null;
        }
        foreach (var entry in In(directory, processors))
        {
            if (name.SequenceEqual(entry.Name))
                return entry;
        }
        return null;
    }

    /// <summary>What is in a directory, by number.</summary>
    public static IEnumerable<VirtualPaths.Entry> In(int directory, CpuSet processors)
    {
        if (directory == Parent)
        {
            foreach (var number in processors.Members)
            {
                if (Find(FirstIndex + (number * PerProcessor)) is { } entry)
                    yield return entry;
            }
        }
        else if (directory >= FirstIndex)
        {
            var start = directory - ((directory - FirstIndex) % PerProcessor);
            for (var place = 1; place < Template.Length; place++)
            {
                if (Find(start + place) is { } entry && entry.Parent == directory)
                    yield return entry;
            }
        }
    }

    /// <summary>True for the directory of a processor, which goes when the container may not use that any more.</summary>
    public static bool IsProcessor(int index) => index >= FirstIndex && (index - FirstIndex) % PerProcessor == 0;

    internal static string HostPath(int number, string path) => string.Create(CultureInfo.InvariantCulture, $"/{Directory}/cpu{number}/{path}");

    // Documentation/ABI/testing/sysfs-devices-system-cpu. The order gives numbers: new ones go to the end.
    private static (string, bool)[] BuildTemplate()
    {
        var template = new List<(string, bool)> { ("", false), ("online", true), ("topology", false), ("cache", false) };
        foreach (var name in new[]
        {
            "core_cpus", "core_cpus_list", "core_id", "core_siblings", "core_siblings_list", "die_cpus", "die_cpus_list", "die_id", "cluster_cpus",
            "cluster_cpus_list", "cluster_id", "package_cpus", "package_cpus_list", "physical_package_id", "thread_siblings", "thread_siblings_list",
        })
            template.Add(($"topology/{name}", true));
        for (var cache = 0; cache < 4; cache++)
        {
            template.Add(($"cache/index{cache}", false));
            foreach (var name in new[]
            {
                "coherency_line_size", "id", "level", "number_of_sets", "shared_cpu_list", "shared_cpu_map", "size", "type", "ways_of_associativity",
            })
                template.Add(($"cache/index{cache}/{name}", true));
        }
        return [.. template];
    }
}

namespace Insula.Linux.Bpf;

/// <summary>A set of maps that programs and commands share, each under its own name in a directory of a bpf file system.</summary>
/// <param name="directory">The directory; null for maps without names, which are gone when they are closed: to try programs out.</param>
public abstract class BpfPinnedMaps(string? directory) : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        _opened.ForEach(map => map.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens a map, or makes and names it.</summary>
    /// <param name="name">Its name in the directory.</param>
    /// <param name="type">What kind.</param>
    /// <param name="entries">How many it may hold; 0 for storage beside objects.</param>
    protected BpfMap<TKey, TValue> Open<TKey, TValue>(string name, BpfMapType type, int entries)
        where TKey : unmanaged
        where TValue : unmanaged
        => Open(name, BpfMaps.TryOpen<TKey, TValue>, label => BpfMaps.Create<TKey, TValue>(type, label, entries), map => map.Descriptor);

    /// <summary>The same for a map with a value for each processor.</summary>
    /// <param name="name">Its name in the directory.</param>
    /// <param name="entries">How many it may hold.</param>
    protected BpfPerCpuMap<TKey, TValue> OpenPerCpu<TKey, TValue>(string name, int entries)
        where TKey : unmanaged
        where TValue : unmanaged
        => Open(name, BpfMaps.TryOpenPerCpu<TKey, TValue>, label => BpfMaps.CreatePerCpu<TKey, TValue>(label, entries), map => map.Descriptor);

    private TMap Open<TMap>(string name, Func<string, TMap?> tryOpen, Func<string, TMap> create, Func<TMap, Syscalls.FileDescriptor> descriptorOf)
        where TMap : class, IDisposable
    {
        var path = $"{directory}/{name}";
        var map = directory is null ? null : tryOpen(path);
        if (map is null)
        {
            map = create($"ct_{name}");
            if (directory is not null)
                BpfPin.Add(descriptorOf(map), path);
        }
        _opened.Add(map);
        return map;
    }
}

using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>Makes maps and finds them again.</summary>
public static unsafe class BpfMaps
{
    private const uint BPF_F_NO_PREALLOC = 1;

    /// <summary>Makes an empty map (BPF_MAP_CREATE).</summary>
    /// <param name="type">What kind.</param>
    /// <param name="name">As <c>bpftool map</c> shows it; up to 15 letters, digits, "_" and ".".</param>
    /// <param name="maxEntries">How many it may hold; 0 for storage beside objects.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static BpfMap<TKey, TValue> Create<TKey, TValue>(BpfMapType type, string name, int maxEntries)
        where TKey : unmanaged
        where TValue : unmanaged
        => new(Create(type, name, sizeof(TKey), sizeof(TValue), maxEntries), name);

    /// <summary>Makes an empty map with a value for each processor.</summary>
    /// <param name="name">As <c>bpftool map</c> shows it; up to 15 letters, digits, "_" and ".".</param>
    /// <param name="maxEntries">How many it may hold.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static BpfPerCpuMap<TKey, TValue> CreatePerCpu<TKey, TValue>(string name, int maxEntries)
        where TKey : unmanaged
        where TValue : unmanaged
        => new(Create(BpfMapType.PerCpuHash, name, sizeof(TKey), sizeof(TValue), maxEntries), name);

    private static FileDescriptor Create(BpfMapType type, string name, int keySize, int valueSize, int maxEntries)
    {
        var isStorage = type == BpfMapType.SocketStorage;
        using var types = isStorage ? BpfTypes.LoadIntegers() : null;
        var attributes = new BpfMapAttributes
        {
            MapType = type,
            KeySize = (uint)keySize,
            ValueSize = (uint)valueSize,
            MaxEntries = (uint)maxEntries,
            // Entries of a hash are allocated as they come: a table for many costs little while it holds few.
            Flags = type is BpfMapType.Hash or BpfMapType.PerCpuHash or BpfMapType.PrefixTrie || isStorage ? BPF_F_NO_PREALLOC : 0,
            Types = types?.Number ?? 0,
            KeyType = isStorage ? BpfTypes.Int32Type : 0,
            ValueType = isStorage ? BpfTypes.Int64Type : 0,
        };
        BpfProgram.WriteName(name, new Span<byte>(attributes.Name, BpfName.Size));
        var result = BpfCall.Make(BpfCommand.MapCreate, ref attributes);
        return new FileDescriptor((int)Kernel.Check(result, "create the BPF map", name));
    }

    /// <summary>A map that was pinned; null if nothing is at that path.</summary>
    /// <exception cref="LinuxException">EINVAL: it is pinned there, but has other sizes.</exception>
    public static BpfMap<TKey, TValue>? TryOpen<TKey, TValue>(string path)
        where TKey : unmanaged
        where TValue : unmanaged
        => TryOpen(path, sizeof(TKey), sizeof(TValue)) is { } descriptor ? new(descriptor, path) : null;

    /// <summary>A map with a value for each processor that was pinned; null if nothing is at that path.</summary>
    /// <exception cref="LinuxException">EINVAL: it is pinned there, but has other sizes.</exception>
    public static BpfPerCpuMap<TKey, TValue>? TryOpenPerCpu<TKey, TValue>(string path)
        where TKey : unmanaged
        where TValue : unmanaged
        => TryOpen(path, sizeof(TKey), sizeof(TValue)) is { } descriptor ? new(descriptor, path) : null;

    private static FileDescriptor? TryOpen(string path, int keySize, int valueSize)
    {
        if (BpfPin.TryGet(path) is not { } descriptor)
            return null;
        try
        {
            RequireShape(descriptor, path, keySize, valueSize);
            return descriptor;
        }
        catch (LinuxException)
        {
            descriptor.Dispose();
            throw;
        }
    }

    private static void RequireShape(FileDescriptor descriptor, string path, int keySize, int valueSize)
    {
        var info = default(BpfMapInfo);
        var attributes = new BpfInfoAttributes { Descriptor = descriptor.Number, InfoLength = (uint)sizeof(BpfMapInfo), Info = (ulong)(&info) };
        Kernel.Check(BpfCall.Make(BpfCommand.ObjGetInfoByFd, ref attributes), "ask about the BPF map", path);
        if (info.KeySize != keySize || info.ValueSize != valueSize)
            throw new LinuxException("use the BPF map", path, Errno.EINVAL, "it is of another version");
    }
}

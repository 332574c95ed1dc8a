using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>
/// A table in the kernel that programs and this process share. It stays while a descriptor of it is open, a program uses it, or it is
/// pinned. Keys and values are blittable structures without padding. With a value for each
/// processor: <see cref="BpfPerCpuMap{TKey, TValue}"/>.
/// </summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public sealed unsafe class BpfMap<TKey, TValue> : IDisposable
    where TKey : unmanaged
    where TValue : unmanaged
{
    private const uint BPF_NOEXIST = 1;
    private const int BatchSize = 1024;

    internal BpfMap(FileDescriptor descriptor, string name)
    {
        Descriptor = descriptor;
        Name = name;
    }

    /// <summary>The map's descriptor.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Its name or path, for messages.</summary>
    public string Name { get; }

    /// <summary>The value of a key.</summary>
    public bool TryGet(TKey key, out TValue value)
    {
        fixed (TValue* place = &value)
        {
            *place = default;
            var attributes = Element(&key, place);
            return Found(BpfCall.Make(BpfCommand.MapLookup, ref attributes), "read");
        }
    }

    /// <summary>Gives a key a value, whether it had one or not.</summary>
    public void Set(TKey key, TValue value)
    {
        var attributes = Element(&key, &value);
        Kernel.Check(BpfCall.Make(BpfCommand.MapUpdate, ref attributes), "write to the BPF map", Name);
    }

    /// <summary>Gives a key a value unless it has one; true if it got it.</summary>
    public bool TryAdd(TKey key, TValue value)
    {
        var attributes = Element(&key, &value);
        attributes.Flags = BPF_NOEXIST;
        var result = BpfCall.Make(BpfCommand.MapUpdate, ref attributes);
        if (Kernel.ErrnoOf(result) == Errno.EEXIST)
            return false;
        Kernel.Check(result, "write to the BPF map", Name);
        return true;
    }

    /// <summary>Takes a key out; false if it was not there.</summary>
    public bool Remove(TKey key)
    {
        var attributes = Element(&key, null);
        return Found(BpfCall.Make(BpfCommand.MapDelete, ref attributes), "remove from");
    }

    /// <summary>True if it holds nothing.</summary>
    public bool IsEmpty
    {
        get
        {
            TKey first;
            var attributes = Element(null, &first);
            return !Found(BpfCall.Make(BpfCommand.MapNextKey, ref attributes), "read");
        }
    }

    /// <summary>
    /// All that a hash holds, some thousand entries a call (BPF_MAP_LOOKUP_BATCH, Linux 5.6). What programs add or remove meanwhile may
    /// or may not be seen.
    /// </summary>
    public List<KeyValuePair<TKey, TValue>> ReadAll()
    {
        var all = new List<KeyValuePair<TKey, TValue>>();
        var size = BatchSize;
        uint position = 0;
        var started = false;
        while (true)
        {
            var keys = new TKey[size];
            var values = new TValue[size];
            var result = ReadBatch(keys, values, started, ref position, out var count);
            if (Kernel.ErrnoOf(result) == Errno.ENOSPC)
            {
                // One bucket of the hash holds more than there was room for.
                size *= 2;
                continue;
            }
            var atEnd = Kernel.ErrnoOf(result) == Errno.ENOENT;
            if (!atEnd)
                Kernel.Check(result, "read the BPF map", Name);
            for (var i = 0; i < count; i++)
                all.Add(new(keys[i], values[i]));
            if (atEnd)
                return all;
            started = true;
        }
    }

    /// <summary>
    /// The keys, one call each (BPF_MAP_GET_NEXT_KEY). For a map that nobody takes anything out of meanwhile: the kernel would begin anew.
    /// </summary>
    public HashSet<TKey> Keys()
    {
        var keys = new HashSet<TKey>();
        TKey key = default, next;
        for (var first = true; ; first = false)
        {
            var attributes = Element(first ? null : &key, &next);
            if (!Found(BpfCall.Make(BpfCommand.MapNextKey, ref attributes), "read"))
                return keys;
            keys.Add(key = next);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private long ReadBatch(TKey[] keys, TValue[] values, bool started, ref uint position, out int count)
    {
        fixed (TKey* keyPlace = keys)
        fixed (TValue* valuePlace = values)
        fixed (uint* positionPlace = &position)
        {
            var attributes = new BpfBatchAttributes
            {
                InBatch = started ? (ulong)positionPlace : 0,
                OutBatch = (ulong)positionPlace,
                Keys = (ulong)keyPlace,
                Values = (ulong)valuePlace,
                Count = (uint)keys.Length,
                Map = Descriptor.Number,
            };
            var result = BpfCall.Make(BpfCommand.MapLookupBatch, ref attributes);
            count = (int)attributes.Count;
            return result;
        }
    }

    private BpfElementAttributes Element(void* key, void* value)
        => new() { Map = Descriptor.Number, Key = (ulong)key, Value = (ulong)value };

    private bool Found(long result, string action)
    {
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return false;
        Kernel.Check(result, $"{action} the BPF map", Name);
        return true;
    }
}

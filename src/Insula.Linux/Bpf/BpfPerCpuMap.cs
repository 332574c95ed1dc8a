using System.Globalization;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>
/// As <see cref="BpfMap{TKey, TValue}"/>, with a value for each processor, which programs there write without hindering each other. Whoever reads adds
/// them up.
/// </summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value of one processor; its size is a multiple of 8.</typeparam>
public sealed unsafe class BpfPerCpuMap<TKey, TValue> : IDisposable
    where TKey : unmanaged
    where TValue : unmanaged
{
    private static readonly int s_processors = CountPossible();

    internal BpfPerCpuMap(FileDescriptor descriptor, string name)
    {
        if (sizeof(TValue) % sizeof(ulong) != 0)
            throw new ArgumentException($"the size of a value, {sizeof(TValue)}, is no multiple of 8", nameof(descriptor));
        Descriptor = descriptor;
        Name = name;
    }

    /// <summary>The map's descriptor.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Its name or path, for messages.</summary>
    public string Name { get; }

    /// <summary>The values of a key, one for each processor that there could be; null if there is no such key.</summary>
    public TValue[]? TryGet(TKey key)
    {
        var values = new TValue[s_processors];
        fixed (TValue* place = values)
        {
            var attributes = Element(&key, place);
            return Found(BpfCall.Make(BpfCommand.MapLookup, ref attributes), "read") ? values : null;
        }
    }

    /// <summary>Gives a key zeros on every processor, whether it had values or not.</summary>
    public void Clear(TKey key)
    {
        fixed (TValue* place = new TValue[s_processors])
        {
            var attributes = Element(&key, place);
            Kernel.Check(BpfCall.Make(BpfCommand.MapUpdate, ref attributes), "write to the BPF map", Name);
        }
    }

    /// <summary>Takes a key out; false if it was not there.</summary>
    public bool Remove(TKey key)
    {
        var attributes = Element(&key, null);
        return Found(BpfCall.Make(BpfCommand.MapDelete, ref attributes), "remove from");
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private BpfElementAttributes Element(void* key, void* value)
        => new() { Map = Descriptor.Number, Key = (ulong)key, Value = (ulong)value };

    private bool Found(long result, string action)
    {
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return false;
        Kernel.Check(result, $"{action} the BPF map", Name);
        return true;
    }

    // The kernel has a value for each processor that may ever be plugged in: "0-3" or "0,2-5".
    private static int CountPossible()
    {
        const string path = "/sys/devices/system/cpu/possible";
        var count = 0;
        foreach (var range in File.ReadAllText(path).Trim().Split(','))
        {
            var ends = range.Split('-');
            count += int.Parse(ends[^1], CultureInfo.InvariantCulture) - int.Parse(ends[0], CultureInfo.InvariantCulture) + 1;
        }
        return count;
    }
}

using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>
/// The little type information (BTF, Documentation/bpf/btf.rst) that the kernel wants of us: integers for storage beside sockets, and
/// signatures for programs with functions that helpers call back.
/// </summary>
internal static unsafe class BpfTypes
{
    /// <summary>The number of the type <c>int</c> of 32 bits.</summary>
    public const uint Int32Type = 1;

    /// <summary>The number of the type <c>long</c> of 64 bits.</summary>
    public const uint Int64Type = 2;

    private const uint FunctionPrototype = 3;
    private const uint FirstFunction = 4;

    private const uint KindInt = 1;
    private const uint KindFunction = 12;
    private const uint KindPrototype = 13;
    private const int HeaderSize = 24;
    private const ushort Magic = 0xEB9F;

    /// <summary>Gives the kernel the two integers.</summary>
    public static FileDescriptor LoadIntegers() => Load(Describe([]));

    /// <summary>Gives the kernel the signatures of functions, all <c>static long name(long)</c>, numbered as <see cref="FunctionType"/> says.</summary>
    public static FileDescriptor LoadFunctions(IReadOnlyList<string> names) => Load(Describe(names));

    /// <summary>The type number of the index-th function.</summary>
    public static uint FunctionType(int index) => FirstFunction + (uint)index;

    internal static byte[] Describe(IReadOnlyList<string> functions)
    {
        var strings = new List<byte> { 0 };
        var types = new List<uint>();
        AddInt(types, Name(strings, "int"), bytes: 4);
        AddInt(types, Name(strings, "long"), bytes: 8);
        if (functions.Count > 0)
        {
            // A prototype: how many parameters, the type of the result; then name and type of each parameter.
            types.AddRange([0, (KindPrototype << 24) | 1, Int64Type, Name(strings, "argument"), Int64Type]);
            foreach (var function in functions)
                types.AddRange([Name(strings, function), KindFunction << 24, FunctionPrototype]);
        }
        var typeBytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(types));
        uint[] header = [Magic | (1u << 16), HeaderSize, 0, (uint)typeBytes.Length, (uint)typeBytes.Length, (uint)strings.Count];
        return [.. MemoryMarshal.AsBytes(header.AsSpan()), .. typeBytes, .. strings];
    }

    private static uint Name(List<byte> strings, string name)
    {
        var place = (uint)strings.Count;
        strings.AddRange(System.Text.Encoding.ASCII.GetBytes(name));
        strings.Add(0);
        return place;
    }

    // BTF_KIND_INT: its size, and behind it a word with encoding (1: signed) and bits.
    private static void AddInt(List<uint> types, uint name, uint bytes)
        => types.AddRange([name, KindInt << 24, bytes, (1u << 24) | (bytes * 8)]);

    private static FileDescriptor Load(byte[] types)
    {
        fixed (byte* pointer = types)
        {
            var attributes = new BpfTypesAttributes { Types = (ulong)pointer, Size = (uint)types.Length };
            var result = BpfCall.Make(BpfCommand.BtfLoad, ref attributes);
            return new FileDescriptor((int)Kernel.Check(result, "load", "type information for BPF"));
        }
    }
}

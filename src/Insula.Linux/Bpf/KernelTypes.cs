using System.Buffers.Binary;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>
/// The types of the running kernel (BTF, Documentation/bpf/btf.rst): at which offset a field of a structure is, and under which number
/// programs are attached to a function. The file holds some hundred thousand types in 5 MB; they are walked once, without making an
/// object of each, which takes a few milliseconds.
/// </summary>
public sealed class KernelTypes
{
    /// <summary>Where the kernel shows its types.</summary>
    public const string Path = "/sys/kernel/btf/vmlinux";

    private const ushort Magic = 0xEB9F;
    private const int HeaderSize = 24;
    private const int TypeSize = 12;
    private const int MemberSize = 12;
    private const int DeepestNesting = 16;

    private readonly byte[] _data;
    private readonly int _strings;
    private readonly int _stringsLength;
    private readonly int[] _places; // of each type by its number; 0 is void and has none

    private KernelTypes(byte[] data)
    {
        _data = data;
        if (data.Length < HeaderSize || BinaryPrimitives.ReadUInt16LittleEndian(data) != Magic)
            throw new FormatException("this is no BTF: the magic number is wrong");
        var header = (long)Word(4);
        var types = header + Word(8);
        var typesEnd = types + Word(12);
        var strings = header + Word(16);
        var stringsEnd = strings + Word(20);
        if (header < HeaderSize || typesEnd > data.Length || stringsEnd > data.Length || stringsEnd <= strings)
            throw new FormatException("the BTF is shorter than its header says");
        _strings = (int)strings;
        _stringsLength = (int)(stringsEnd - strings);
        _places = FindPlaces((int)types, (int)typesEnd);
    }

    /// <summary>How many types there are.</summary>
    public int Count => _places.Length - 1;

    /// <summary>The running kernel's; null if it shows none (CONFIG_DEBUG_INFO_BTF).</summary>
    public static KernelTypes? TryRead() => File.Exists(Path) ? Parse(File.ReadAllBytes(Path)) : null;

    /// <summary>Types in the format of that file.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static KernelTypes Parse(byte[] data) => new(data);

    /// <summary>The number of a function; 0 if the kernel has none of that name, or the compiler has dissolved it in its callers.</summary>
    public uint FindFunction(string name) => Find(BtfKind.Function, name);

    /// <summary>
    /// The number to attach to a tracepoint with: that of the type <c>btf_trace_NAME</c>; 0 if there is none.
    /// </summary>
    public uint FindTracePoint(string name) => Find(BtfKind.TypeDefinition, "btf_trace_" + name);

    /// <summary>How many parameters a function has; -1 if there is none of that name.</summary>
    public int ParametersOf(string function)
        => FindFunction(function) is var id && id == 0 ? -1 : (int)(Word(_places[Word(_places[id] + 8)] + 4) & 0xFFFF);

    /// <summary>
    /// The offset in bytes of a field, or of a field of a field: <c>sk_protocol</c>, <c>ns.inum</c>. Structures and unions without a name
    /// within it are looked through, as the C compiler does. Null if the structure or the field is not there.
    /// </summary>
    public int? OffsetOf(string structure, string field)
    {
        var type = Find(BtfKind.Structure, structure);
        if (type == 0)
            return null;
        var bits = 0;
        foreach (var name in field.Split('.'))
        {
            if (FindMember(Resolve(type), NameOffset(name), 0) is not { } member)
                return null;
            bits += member.Bits;
            type = member.Type;
        }
        return bits / 8;
    }

    private uint Find(BtfKind kind, string name)
    {
        var wanted = NameOffset(name);
        if (wanted == 0)
            return 0;
        for (var id = 1; id < _places.Length; id++)
        {
            if (Word(_places[id]) == wanted && KindAt(_places[id]) == kind)
                return (uint)id;
        }
        return 0;
    }

    // Every name is in the string section once; 0 stands for "no name" as well as for one that nothing has.
    private uint NameOffset(string name)
    {
        var text = new byte[name.Length + 2];
        Encoding.ASCII.GetBytes(name, text.AsSpan(1));
        var place = _data.AsSpan(_strings, _stringsLength).IndexOf(text);
        return place < 0 ? 0 : (uint)place + 1;
    }

    private (int Bits, uint Type)? FindMember(uint structure, uint name, int depth)
    {
        var place = _places[structure];
        if (name == 0 || depth > DeepestNesting || KindAt(place) is not (BtfKind.Structure or BtfKind.Union))
            return null;
        var info = Word(place + 4);
        var isBitField = info >> 31 != 0;
        for (var i = 0; i < (int)(info & 0xFFFF); i++)
        {
            var member = place + TypeSize + (i * MemberSize);
            var bits = (int)(isBitField ? Word(member + 8) & 0xFFFFFF : Word(member + 8));
            var type = Word(member + 4);
            if (Word(member) == name)
                return (bits, type);
            if (Word(member) == 0 && FindMember(Resolve(type), name, depth + 1) is { } inner)
                return (bits + inner.Bits, inner.Type);
        }
        return null;
    }

    // The type behind typedef, const and the like.
    private uint Resolve(uint type)
    {
        for (var depth = 0; depth < DeepestNesting && type < _places.Length; depth++)
        {
            if (type == 0 || KindAt(_places[type]) is not
                (BtfKind.TypeDefinition or BtfKind.Constant or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag))
                return type;
            type = Word(_places[type] + 8);
        }
        return 0;
    }

    private int[] FindPlaces(int place, int end)
    {
        var places = new List<int>(1 << 17) { 0 };
        while (place < end)
        {
            if (place + TypeSize > end)
                throw new FormatException("the BTF ends in the middle of a type");
            places.Add(place);
            place += TypeSize + SizeBehind(KindAt(place), (int)(Word(place + 4) & 0xFFFF));
        }
        return [.. places];
    }

    private static int SizeBehind(BtfKind kind, int count) => kind switch
    {
        BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag => 4,
        BtfKind.Array => 12,
        BtfKind.Structure or BtfKind.Union or BtfKind.DataSection or BtfKind.Enumeration64 => count * 12,
        BtfKind.Enumeration or BtfKind.Prototype => count * 8,
        BtfKind.Pointer or BtfKind.Forward or BtfKind.TypeDefinition or BtfKind.Volatile or BtfKind.Constant or BtfKind.Restrict
            or BtfKind.Function or BtfKind.Float or BtfKind.TypeTag => 0,
        _ => throw new FormatException($"the BTF has a kind of type that is not known: {(int)kind}"),
    };

    // Place 0 is the header: what stands for void must not be taken for a type.
    private BtfKind KindAt(int place) => place == 0 ? 0 : (BtfKind)((Word(place + 4) >> 24) & 0x1F);

    private uint Word(int place) => BinaryPrimitives.ReadUInt32LittleEndian(_data.AsSpan(place));
}

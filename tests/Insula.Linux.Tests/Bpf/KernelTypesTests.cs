using System.Buffers.Binary;
using Insula.Linux.Bpf;

namespace Insula.Linux.Tests.Bpf;

public class KernelTypesTests
{
    // struct outer { int a; union { long b; struct { int c; int d; }; }; const inner_t e; int bits : 3, more : 5; };
    // struct inner { long x; int y; };  typedef struct inner inner_t;  int f(long, long);  typedef ... btf_trace_t;
    private static KernelTypes HandMade()
    {
        var types = new TypeWriter();
        var integer = types.Add("int", 1, 4, (1u << 24) | 32);
        var wide = types.Add("long", 1, 8, (1u << 24) | 64);
        var inner = types.Structure("inner", 4, 16, ("x", wide, 0), ("y", integer, 64));
        var typedef = types.Add("inner_t", 8, inner);
        var constant = types.Add("", 10, typedef);
        var nested = types.Structure("", 4, 8, ("c", integer, 0), ("d", integer, 32));
        var union = types.Structure("", 5, 8, ("b", wide, 0), ("", nested, 0));
        types.Structure("outer", 4, 40, ("a", integer, 0), ("", union, 64), ("e", constant, 128));
        types.BitFields("flags", 4, ("low", integer, 0, 3), ("high", integer, 3, 5), ("after", integer, 32, 0));
        var prototype = types.Prototype(integer, wide, wide);
        types.Add("f", 12, prototype);
        types.Add("btf_trace_t", 8, integer);
        types.Add("f2", 8, integer);
        return KernelTypes.Parse(types.ToArray());
    }

    [Theory]
    [InlineData("inner", "y", 8)]
    [InlineData("outer", "a", 0)]
    [InlineData("outer", "b", 8)]
    [InlineData("outer", "d", 12)]
    [InlineData("outer", "e.y", 24)]
    [InlineData("flags", "after", 4)]
    [InlineData("outer", "nothing", null)]
    [InlineData("outer", "a.b", null)]
    [InlineData("inner_t", "x", null)]
    [InlineData("nothing", "x", null)]
    public void A_field_is_found_through_structures_without_a_name_and_typedefs(string structure, string field, int? offset)
        => Assert.Equal(offset, HandMade().OffsetOf(structure, field));

    [Fact]
    public void Functions_and_tracepoints_are_found_by_their_whole_name()
    {
        var types = HandMade();
        Assert.Equal(13, types.Count);
        Assert.Equal(11u, types.FindFunction("f"));
        Assert.Equal(2, types.ParametersOf("f"));
        Assert.Equal(12u, types.FindTracePoint("t"));
        Assert.Equal(0u, types.FindFunction("f2"));
        Assert.Equal(0u, types.FindFunction("int"));
        Assert.Equal(-1, types.ParametersOf("g"));
    }

    [Fact]
    public void Bytes_that_are_no_types_are_refused()
    {
        Assert.Throws<FormatException>(() => KernelTypes.Parse([]));
        Assert.Throws<FormatException>(() => KernelTypes.Parse(new byte[100]));
        var whole = new TypeWriter();
        whole.Add("int", 1, 4, 32);
        var bytes = whole.ToArray();
        Assert.Throws<FormatException>(() => KernelTypes.Parse(bytes[..^1]));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24 + 4), 31u << 24);
        Assert.Throws<FormatException>(() => KernelTypes.Parse(bytes));
    }

    [Fact]
    public void The_running_kernels_types_hold_what_everybody_knows()
    {
        var types = KernelTypes.TryRead();
        Assert.SkipWhen(types is null, "this kernel does not show its types");
        Assert.True(types.Count > 10_000);
        Assert.Equal(0, types.OffsetOf("list_head", "next"));
        Assert.Equal(8, types.OffsetOf("list_head", "prev"));
        Assert.NotNull(types.OffsetOf("task_struct", "cred"));
        Assert.Equal(types.OffsetOf("sock", "__sk_common") + types.OffsetOf("sock_common", "skc_family"), types.OffsetOf("sock", "__sk_common.skc_family"));
        // Without a name of its own in struct mm_struct.
        Assert.InRange(types.OffsetOf("mm_struct", "data_vm") ?? -1, 1, 4096);
        Assert.Equal(1, types.ParametersOf("security_file_alloc"));
        Assert.NotEqual(0u, types.FindTracePoint("sched_process_fork"));
        Assert.Equal(0u, types.FindFunction("there_is_no_such_function"));
    }

    private sealed class TypeWriter
    {
        private readonly List<uint> _types = [];
        private readonly List<byte> _strings = [0];
        private uint _count;

        public uint Add(string name, uint kind, uint sizeOrType, params uint[] behind)
        {
            _types.AddRange([Name(name), (kind << 24) | 0, sizeOrType, .. behind]);
            return ++_count;
        }

        public uint Structure(string name, uint kind, uint size, params (string Name, uint Type, uint Bits)[] members)
        {
            _types.AddRange([Name(name), (kind << 24) | (uint)members.Length, size]);
            foreach (var member in members)
                _types.AddRange([Name(member.Name), member.Type, member.Bits]);
            return ++_count;
        }

        public uint BitFields(string name, uint size, params (string Name, uint Type, uint Bits, uint Width)[] members)
        {
            _types.AddRange([Name(name), (1u << 31) | (4u << 24) | (uint)members.Length, size]);
            foreach (var member in members)
                _types.AddRange([Name(member.Name), member.Type, member.Bits | (member.Width << 24)]);
            return ++_count;
        }

        public uint Prototype(uint result, params uint[] parameters)
        {
            _types.AddRange([0, (13u << 24) | (uint)parameters.Length, result]);
            foreach (var parameter in parameters)
                _types.AddRange([0, parameter]);
            return ++_count;
        }

        public byte[] ToArray()
        {
            var types = global::System.Runtime.InteropServices.MemoryMarshal.AsBytes(_types.ToArray().AsSpan()).ToArray();
            uint[] header = [0xEB9F | (1 << 16), 24, 0, (uint)types.Length, (uint)types.Length, (uint)_strings.Count];
            return [.. global::System.Runtime.InteropServices.MemoryMarshal.AsBytes(header.AsSpan()), .. types, .. _strings];
        }

        private uint Name(string name)
        {
            if (name.Length == 0)
                return 0;
            var place = (uint)_strings.Count;
            _strings.AddRange(global::System.Text.Encoding.ASCII.GetBytes(name));
            _strings.Add(0);
            return place;
        }
    }
}

using System.Runtime.InteropServices;
using System.Text;

namespace Insula.Linux.Tests.Abi;

/// <summary>
/// A C file of static assertions about structures and constants: the compiler is the judge, so nothing has to run and a cross
/// compiler does as well as the machine's own. Names the headers lack are reported, not failed: Debian 12's are of Linux 6.1.
/// </summary>
internal sealed class AbiUnit(params string[] headers)
{
    private readonly StringBuilder _text = new(string.Concat(headers.Prepend("stddef.h").Select(header => $"#include <{header}>\n")));

    /// <summary>A macro.</summary>
    public AbiUnit Macro(string name, long ours)
    {
        _text.Append($"#ifdef {name}\n");
        Assert($"(unsigned long long)({name}) == {(ulong)ours}ULL", $"{name} is not {ours}");
        _text.Append($"#else\n#pragma message \"not in the headers: {name}\"\n#endif\n");
        return this;
    }

    /// <summary>An unsigned 32-bit macro, whose type in C may be int or long.</summary>
    public AbiUnit Macro32(string name, uint ours)
    {
        _text.Append($"#ifdef {name}\n");
        Assert($"(unsigned int)({name}) == {ours}U", $"{name} is not {ours}");
        _text.Append($"#else\n#pragma message \"not in the headers: {name}\"\n#endif\n");
        return this;
    }

    /// <summary>An enumeration constant; the preprocessor cannot tell whether it exists, so it must.</summary>
    public AbiUnit Constant(string name, long ours)
    {
        Assert($"(long long)({name}) == {ours}LL", $"{name} is not {ours}");
        return this;
    }

    /// <summary>A structure: its size, and offset and size of each field, given as (C name, our name).</summary>
    public AbiUnit Structure<T>(string type, params (string Theirs, string Ours)[] fields)
        where T : unmanaged
    {
        Assert($"sizeof({type}) == {System.Runtime.CompilerServices.Unsafe.SizeOf<T>()}", $"{type}: wrong size");
        return Fields<T>(type, fields);
    }

    /// <summary>The fields of a structure of which ours is only the first part.</summary>
    public AbiUnit Fields<T>(string type, params (string Theirs, string Ours)[] fields)
        where T : unmanaged
    {
        foreach (var (theirs, ours) in fields)
        {
            var (offset, size) = Place<T>(ours);
            Assert($"offsetof({type}, {theirs}) == {offset}", $"{type}.{theirs} is not at {offset}");
            Assert($"sizeof((({type} *)0)->{theirs}) == {size}", $"{type}.{theirs} is not of {size} bytes");
        }
        return this;
    }

    /// <summary>Any other statement about the headers.</summary>
    public AbiUnit That(string condition, string failure)
    {
        Assert(condition, failure);
        return this;
    }

    public void Verify(Architecture architecture)
    {
        var (success, output) = CCompiler.For(architecture).Check(_text.ToString());
        Xunit.Assert.True(success, output);
        foreach (var line in output.Split('\n').Where(line => line.Contains("not in the headers", StringComparison.Ordinal)))
            TestContext.Current.TestOutputHelper?.WriteLine(line);
    }

    private void Assert(string condition, string failure) => _text.Append($"_Static_assert({condition}, \"{failure}\");\n");

    private static (int Offset, int Size) Place<T>(string field)
    {
        const System.Reflection.BindingFlags any = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public
            | System.Reflection.BindingFlags.NonPublic;
        // A positional record keeps "Code" in a field named "<Code>k__BackingField".
        var info = typeof(T).GetField(field, any) ?? typeof(T).GetField($"<{field}>k__BackingField", any)
            ?? throw new InvalidOperationException($"{typeof(T)} has no field {field}");
        return ((int)Marshal.OffsetOf<T>(info.Name), SizeOf(info.FieldType));
    }

    private static int SizeOf(Type type)
    {
        if (type.IsPointer || type == typeof(nint) || type == typeof(nuint))
            return 8;
        return type.IsEnum ? Marshal.SizeOf(Enum.GetUnderlyingType(type)) : Marshal.SizeOf(type);
    }
}

using Insula.Linux.Bpf;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>Looks up where fields of the kernel's structures are, and remembers what was missing.</summary>
/// <param name="types">The kernel's types.</param>
internal sealed class KernelFields(KernelTypes types)
{
    private readonly List<string> _missing = [];

    /// <summary>What this kernel does not have.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>The offset of a field, of which kernels have had different names; the first that is there counts.</summary>
    /// <param name="names"><c>structure.field</c>, with further dots for a field of a field.</param>
    public int Offset(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            if (types.OffsetOf(name[..dot], name[(dot + 1)..]) is { } offset)
                return offset;
        }
        _missing.Add($"no field {names[0]}");
        return 0;
    }

    /// <summary>True if a function can have programs.</summary>
    public bool HasFunction(string name) => types.FindFunction(name) != 0;

    /// <summary>The number of a function, or of a tracepoint's type.</summary>
    public uint Target(BpfAttachType attachType, string name)
    {
        var number = attachType == BpfAttachType.TracePoint ? types.FindTracePoint(name) : types.FindFunction(name);
        if (number == 0)
            _missing.Add($"no function {name}");
        return number;
    }

    /// <summary>How many parameters a function has; 0 if it is not there.</summary>
    public int ParametersOf(string function) => Math.Max(0, types.ParametersOf(function));
}

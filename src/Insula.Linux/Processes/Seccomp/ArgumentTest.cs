namespace Insula.Linux.Processes.Seccomp;

/// <summary>
/// A condition on one of a call's six arguments: (argument &amp; mask) == value, or !=. Pointers cannot be looked behind: another
/// thread could change what is there between the test and the call.
/// </summary>
public readonly record struct ArgumentTest
{
    /// <summary>
    /// The bits the kernel looks at when it takes the argument as int or unsigned int. The upper half of the register is then noise
    /// that the caller chooses: a test that looked at it could be evaded (CVE-2019-10063).
    /// </summary>
    public const ulong IntMask = 0xffffffff;

    private ArgumentTest(int index, ulong mask, ulong value, bool negated)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, 5);
        if ((value & ~mask) != 0)
            throw new ArgumentException("a value with bits outside the mask can never be met", nameof(value));
        Index = index;
        Mask = mask;
        Value = value;
        Negated = negated;
    }

    /// <summary>0 for the first argument.</summary>
    public int Index { get; }

    /// <summary>The bits that are compared.</summary>
    public ulong Mask { get; }

    /// <summary>What they are compared with.</summary>
    public ulong Value { get; }

    /// <summary>True for !=.</summary>
    public bool Negated { get; }

    /// <summary>(argument &amp; mask) == value.</summary>
    public static ArgumentTest Is(int index, ulong value, ulong mask = IntMask) => new(index, mask, value, negated: false);

    /// <summary>(argument &amp; mask) != value.</summary>
    public static ArgumentTest IsNot(int index, ulong value, ulong mask = IntMask) => new(index, mask, value, negated: true);

    /// <summary>At least one bit of the mask is set.</summary>
    public static ArgumentTest HasAny(int index, ulong mask) => new(index, mask, 0, negated: true);

    /// <summary>As a line of C.</summary>
    public override string ToString()
    {
        var argument = Mask == ulong.MaxValue ? $"arg{Index}" : Mask == IntMask ? $"(int)arg{Index}" : $"(arg{Index} & 0x{Mask:x})";
        return $"{argument} {(Negated ? "!=" : "==")} 0x{Value:x}";
    }
}

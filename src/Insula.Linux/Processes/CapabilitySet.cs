using System.Globalization;
using System.Numerics;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>A set of capabilities as the kernel keeps it: bit n is capability n.</summary>
/// <param name="Mask">The bits.</param>
public readonly record struct CapabilitySet(ulong Mask)
{
    /// <summary>Where the kernel says what its highest capability is.</summary>
    public const string LastCapabilityPath = "/proc/sys/kernel/cap_last_cap";

    /// <summary>No capability.</summary>
    public static CapabilitySet Empty => default;

    /// <summary>The set of these.</summary>
    public static CapabilitySet Of(params ReadOnlySpan<Capability> capabilities)
    {
        ulong mask = 0;
        foreach (var capability in capabilities)
            mask |= 1UL << (int)capability;
        return new CapabilitySet(mask);
    }

    /// <summary>Everything from bit 0 to <paramref name="last"/>, which is between 0 and 63.</summary>
    public static CapabilitySet UpTo(int last)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(last);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, 63);
        return new CapabilitySet(ulong.MaxValue >> (63 - last));
    }

    /// <summary>The highest capability this kernel knows, from <c>/proc/sys/kernel/cap_last_cap</c> ("40\n").</summary>
    /// <exception cref="LinuxException">It cannot be read, or holds no number.</exception>
    public static int ReadLast()
    {
        using var file = Files.Open(LastCapabilityPath, OpenFlags.ReadOnly);
        Span<byte> text = stackalloc byte[16];
        var length = (int)Kernel.Check(Files.TryRead(file, text), "read", LastCapabilityPath);
        if (int.TryParse(text[..length].TrimEnd((byte)'\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last <= 63)
            return last;
        throw new LinuxException("read a capability's number from", LastCapabilityPath, Errno.EINVAL);
    }

    /// <summary>What this process may do now ("CapEff:	000001ffffffffff" of /proc/self/status).</summary>
    public static CapabilitySet ReadEffective()
    {
        const string field = "CapEff:";
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(field, StringComparison.Ordinal))
                return new CapabilitySet(ulong.Parse(line.AsSpan(field.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }
        return Empty;
    }

    /// <summary>How many it holds.</summary>
    public int Count => BitOperations.PopCount(Mask);

    /// <summary>True if it holds this one.</summary>
    public bool Contains(Capability capability) => (Mask >> (int)capability & 1) != 0;

    /// <summary>In either set.</summary>
    public static CapabilitySet operator |(CapabilitySet left, CapabilitySet right) => new(left.Mask | right.Mask);

    /// <summary>In both sets.</summary>
    public static CapabilitySet operator &(CapabilitySet left, CapabilitySet right) => new(left.Mask & right.Mask);

    /// <summary>In the left set but not in the right one.</summary>
    public static CapabilitySet operator -(CapabilitySet left, CapabilitySet right) => new(left.Mask & ~right.Mask);

    /// <summary>As operator |.</summary>
    public static CapabilitySet BitwiseOr(CapabilitySet left, CapabilitySet right) => left | right;

    /// <summary>As operator &amp;.</summary>
    public static CapabilitySet BitwiseAnd(CapabilitySet left, CapabilitySet right) => left & right;

    /// <summary>As operator -.</summary>
    public static CapabilitySet Subtract(CapabilitySet left, CapabilitySet right) => left - right;

    /// <summary>The members, lowest bit first.</summary>
    public IEnumerable<Capability> Members()
    {
        for (var left = Mask; left != 0; left &= left - 1)
            yield return (Capability)BitOperations.TrailingZeroCount(left);
    }

    /// <summary>"chown,kill"; "none" when empty.</summary>
    public override string ToString() => Mask == 0 ? "none" : string.Join(",", Members().Select(CapabilityNames.Name));
}

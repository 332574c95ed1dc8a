using System.Globalization;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>A bound that may be absent. The unit (bytes, processes) is the file's; see the property that gives it.</summary>
public readonly record struct CgroupLimit : IComparable<CgroupLimit>
{
    // cgroup v1 keeps memory bounds in pages: "none" reads back as LONG_MAX cut to a whole page (of up to 64 KiB on arm64).
    private const long AsGoodAsUnlimited = long.MaxValue - 0xFFFF;

    private readonly long _valuePlusOne;

    /// <summary>A bound of <paramref name="value"/>, which is not negative.</summary>
    public CgroupLimit(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        _valuePlusOne = value >= AsGoodAsUnlimited ? 0 : value + 1;
    }

    /// <summary>No bound.</summary>
    public static CgroupLimit Unlimited => default;

    /// <summary>True if there is no bound.</summary>
    public bool IsUnlimited => _valuePlusOne == 0;

    /// <summary>The bound; <see cref="long.MaxValue"/> when unlimited.</summary>
    public long Value => IsUnlimited ? long.MaxValue : _valuePlusOne - 1;

    /// <summary>This bound and another on top of it.</summary>
    public CgroupLimit Plus(CgroupLimit other)
        => IsUnlimited || other.IsUnlimited || Value > AsGoodAsUnlimited - other.Value ? Unlimited : new CgroupLimit(Value + other.Value);

    /// <summary>What is left of this bound above <paramref name="other"/>, at least 0.</summary>
    public CgroupLimit Minus(CgroupLimit other)
        => IsUnlimited ? Unlimited : new CgroupLimit(Math.Max(0, Value - other.Value));

    /// <inheritdoc/>
    public int CompareTo(CgroupLimit other) => Value.CompareTo(other.Value);

    /// <summary>As cgroup v2 and pids.max write it: a number or <c>max</c>.</summary>
    public string ToUnifiedText() => IsUnlimited ? "max" : Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>As the v1 memory controller wants it: a number or <c>-1</c>.</summary>
    public string ToVersion1Text() => IsUnlimited ? "-1" : Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Understands what the kernel shows in either version.</summary>
    /// <exception cref="LinuxException">Neither a number nor <c>max</c>.</exception>
    public static CgroupLimit FromKernel(string text, string path)
    {
        if (text is "max" or "-1")
            return Unlimited;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return value >= AsGoodAsUnlimited ? Unlimited : new CgroupLimit((long)value);
        throw new LinuxException("understand", $"\"{text}\" in {path}", Errno.EPROTO);
    }

    /// <inheritdoc/>
    public override string ToString() => IsUnlimited ? "unlimited" : Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(CgroupLimit left, CgroupLimit right) => left.CompareTo(right) < 0;

    public static bool operator >(CgroupLimit left, CgroupLimit right) => left.CompareTo(right) > 0;

    public static bool operator <=(CgroupLimit left, CgroupLimit right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CgroupLimit left, CgroupLimit right) => left.CompareTo(right) >= 0;
}

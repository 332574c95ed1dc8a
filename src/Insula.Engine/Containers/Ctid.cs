using System.Globalization;

namespace Insula.Engine.Containers;

/// <summary>
/// A container's number: 1 to 2147483644, or 0 for the host itself (OpenVZ's limits; 1 to 100 are reserved by convention only).
/// </summary>
public readonly record struct Ctid : IComparable<Ctid>
{
    /// <summary>The largest container number.</summary>
    public const int MaxValue = 2147483644;

    /// <summary>The host environment.</summary>
    public static readonly Ctid Host;

    public Ctid(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
        Value = value;
    }

    /// <summary>The number.</summary>
    public int Value { get; }

    /// <summary>True for CT 0.</summary>
    public bool IsHost => Value == 0;

    /// <summary>Takes plain decimal digits only: no sign, no blanks, no leading zero except "0" itself.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ctid ctid)
    {
        ctid = default;
        if (text.IsEmpty || text.Length > 10 || text.ContainsAnyExceptInRange('0', '9') || (text.Length > 1 && text[0] == '0'))
            return false;
        var value = long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        if (value > MaxValue)
            return false;
        ctid = new Ctid((int)value);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Ctid other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(Ctid left, Ctid right) => left.Value < right.Value;

    public static bool operator >(Ctid left, Ctid right) => left.Value > right.Value;

    public static bool operator <=(Ctid left, Ctid right) => left.Value <= right.Value;

    public static bool operator >=(Ctid left, Ctid right) => left.Value >= right.Value;
}

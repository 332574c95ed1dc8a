namespace Insula.Engine.Network.Traffic;

/// <summary>What a container's traffic has come to: bytes and packets by class, family and direction.</summary>
public sealed class TrafficTable
{
    /// <summary>How many classes there are: 0 to 15.</summary>
    public const int Classes = 16;

    internal const int Counts = Classes * PerClass;

    private const int PerClass = 4;

    private readonly TrafficCount[] _counts = new TrafficCount[Counts];

    /// <summary>One figure.</summary>
    public TrafficCount this[int trafficClass, TrafficFamily family, TrafficDirection direction]
    {
        get => _counts[IndexOf(trafficClass, family, direction)];
        set => _counts[IndexOf(trafficClass, family, direction)] = value;
    }

    /// <summary>IPv4 and IPv6 together.</summary>
    public TrafficCount Both(int trafficClass, TrafficDirection direction)
        => this[trafficClass, TrafficFamily.IPv4, direction] + this[trafficClass, TrafficFamily.IPv6, direction];

    /// <summary>True if nothing of a class has passed.</summary>
    public bool IsEmpty(int trafficClass)
        => Both(trafficClass, TrafficDirection.In).Packets == 0 && Both(trafficClass, TrafficDirection.Out).Packets == 0;

    /// <summary>The larger figures of both: a link that has gone has taken its own with it.</summary>
    public TrafficTable AtLeast(TrafficTable other)
    {
        var most = new TrafficTable();
        for (var i = 0; i < Counts; i++)
            most._counts[i] = new TrafficCount(Math.Max(_counts[i].Bytes, other._counts[i].Bytes), Math.Max(_counts[i].Packets, other._counts[i].Packets));
        return most;
    }

    /// <summary>True if both have the same figures.</summary>
    public bool SameAs(TrafficTable other) => _counts.AsSpan().SequenceEqual(other._counts);

    /// <summary>This and another one added up.</summary>
    public TrafficTable Plus(TrafficTable other)
    {
        var sum = new TrafficTable();
        for (var i = 0; i < Counts; i++)
            sum._counts[i] = _counts[i] + other._counts[i];
        return sum;
    }

    /// <summary>What the processors have counted, added up.</summary>
    internal static TrafficTable Sum(IEnumerable<TrafficRow> rows)
    {
        var sum = new TrafficTable();
        foreach (var row in rows)
        {
            for (var i = 0; i < Counts; i++)
                sum._counts[i] += row[i];
        }
        return sum;
    }

    private static int IndexOf(int trafficClass, TrafficFamily family, TrafficDirection direction)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)trafficClass, (uint)Classes);
        return (trafficClass * PerClass) + ((int)family * 2) + (int)direction;
    }
}

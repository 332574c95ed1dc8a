using System.Globalization;
using Insula.Engine.Containers;
using Insula.Engine.Network.Traffic;

namespace Insula.Cli.Traffic;

/// <summary>Traffic as a table, column by column as OpenVZ's vznetstat has it.</summary>
internal static class NetStatTable
{
    private const string Heading = "CTID    Net.Class     Input(bytes) Input(pkts)        Output(bytes) Output(pkts)";

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="containers">The containers, in order.</param>
    /// <param name="classes">The classes to show of a container.</param>
    /// <param name="families">What to add up.</param>
    /// <param name="rounded">True: K, M, G instead of bytes.</param>
    public static void Write(
        TextWriter output, IEnumerable<(Ctid Ctid, TrafficTable Traffic)> containers, Func<TrafficTable, IEnumerable<int>> classes, IReadOnlyList<TrafficFamily> families, bool rounded)
    {
        output.WriteLine(Heading);
        foreach (var (ctid, traffic) in containers)
        {
            foreach (var number in classes(traffic))
            {
                var (incoming, outgoing) = (Sum(traffic, number, families, TrafficDirection.In), Sum(traffic, number, families, TrafficDirection.Out));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{ctid,-10} {number,-2} {Bytes(incoming.Bytes, rounded)} {incoming.Packets,10} {Bytes(outgoing.Bytes, rounded)} {outgoing.Packets,10}"));
            }
        }
    }

    /// <summary>The families that are asked for together.</summary>
    public static TrafficCount Sum(TrafficTable traffic, int number, IReadOnlyList<TrafficFamily> families, TrafficDirection direction)
    {
        var sum = default(TrafficCount);
        foreach (var family in families)
            sum += traffic[number, family, direction];
        return sum;
    }

    private static string Bytes(ulong bytes, bool rounded)
    {
        const string suffixes = " KMG";
        var suffix = 0;
        for (; rounded && bytes >= 1024 && suffix < suffixes.Length - 1; suffix++)
            bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes,20}{suffixes[suffix]}");
    }
}

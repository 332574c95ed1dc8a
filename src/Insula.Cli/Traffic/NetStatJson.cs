using System.Text;
using System.Text.Json;
using Insula.Engine.Containers;
using Insula.Engine.Network.Traffic;

namespace Insula.Cli.Traffic;

/// <summary>Traffic as JSON: a list of containers with their classes, in bytes and packets.</summary>
internal static class NetStatJson
{
    /// <summary>Writes it.</summary>
    /// <param name="containers">The containers, in order.</param>
    /// <param name="classes">The classes to show of a container.</param>
    /// <param name="families">What to show.</param>
    public static string Of(IEnumerable<(Ctid Ctid, TrafficTable Traffic)> containers, Func<TrafficTable, IEnumerable<int>> classes, IReadOnlyList<TrafficFamily> families)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var (ctid, traffic) in containers)
            {
                json.WriteStartObject();
                json.WriteNumber("ctid", ctid.Value);
                json.WriteStartArray("classes");
                foreach (var number in classes(traffic))
                    WriteClass(json, number, traffic, families);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteClass(Utf8JsonWriter json, int number, TrafficTable traffic, IReadOnlyList<TrafficFamily> families)
    {
        json.WriteStartObject();
        json.WriteNumber("class", number);
        foreach (var family in families)
        {
            json.WriteStartObject(family == TrafficFamily.IPv4 ? "ipv4" : "ipv6");
            Write(json, "in", traffic[number, family, TrafficDirection.In]);
            Write(json, "out", traffic[number, family, TrafficDirection.Out]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, TrafficCount count)
    {
        json.WriteStartObject(name);
        json.WriteNumber("bytes", count.Bytes);
        json.WriteNumber("packets", count.Packets);
        json.WriteEndObject();
    }
}

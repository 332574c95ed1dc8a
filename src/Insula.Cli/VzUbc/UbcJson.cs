using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Shared;

namespace Insula.Cli.VzUbc;

/// <summary>Beancounters and mechanisms as JSON. Numbers are in the resource's unit; 9223372036854775807 stands for unlimited.</summary>
internal static class UbcJson
{
    /// <summary>A list of beancounters.</summary>
    /// <param name="beancounters">The beancounters.</param>
    /// <param name="mechanisms">What stands behind the rows; null when they come from a file.</param>
    public static string Of(IEnumerable<Beancounter> beancounters, BeancounterMechanisms? mechanisms) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var beancounter in beancounters)
        {
            json.WriteStartObject();
            json.WriteNumber("ctid", beancounter.Ctid.Value);
            json.WriteStartObject("beancounters");
            foreach (var row in beancounter.Rows)
                WriteRow(json, row, mechanisms);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>A list of mechanisms.</summary>
    public static string Of(IEnumerable<ResourceMechanism> mechanisms) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var mechanism in mechanisms)
        {
            json.WriteStartObject();
            json.WriteString("resource", mechanism.Resource.Name);
            json.WriteString("mechanism", mechanism.Word);
            json.WriteString("explanation", mechanism.Explanation);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>Resident memory, in bytes.</summary>
    /// <param name="memory">All containers.</param>
    /// <param name="isWanted">Which of them are to be shown; the sums are of all.</param>
    public static string Of(SharedMemory memory, Func<SharedMemoryRow, bool> isWanted) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("containers");
        foreach (var row in memory.Containers.Where(isWanted))
        {
            json.WriteStartObject();
            json.WriteNumber("ctid", row.Ctid.Value);
            json.WriteNumber("processes", row.Processes);
            json.WriteNumber("rss", row.Rss);
            json.WriteNumber("pss", row.Pss);
            json.WriteNumber("own", row.Distinct);
            json.WriteNumber("share", row.Share);
            WriteKnown(json, "cgroup", row.Cgroup);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteKnown(json, "hostShare", memory.HostShare);
        json.WriteNumber("present", memory.Present);
        json.WriteNumber("unshared", memory.Unshared);
        json.WriteNumber("saved", memory.Saved);
        json.WriteEndObject();
    });

    private static void WriteKnown(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    private static void WriteRow(Utf8JsonWriter json, BeancounterReading row, BeancounterMechanisms? mechanisms)
    {
        json.WriteStartObject(row.Resource.Name);
        json.WriteString("unit", row.Resource.Unit.ToString().ToLowerInvariant());
        json.WriteNumber("held", row.Held);
        json.WriteNumber("maxheld", row.MaxHeld);
        json.WriteNumber("barrier", row.Barrier);
        json.WriteNumber("limit", row.Limit);
        json.WriteNumber("failcnt", row.FailCount);
        if (mechanisms is not null)
            json.WriteString("mechanism", mechanisms.Of(row.Resource).Word);
        json.WriteEndObject();
    }

    private static string Write(Action<Utf8JsonWriter> body)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            body(json);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}

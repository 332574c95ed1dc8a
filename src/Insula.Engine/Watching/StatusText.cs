using System.Text.Json;
using Insula.Engine.Containers;

namespace Insula.Engine.Watching;

/// <summary>The answer to a request for the status.</summary>
internal static class StatusText
{
    /// <summary>Writes it: the daemon's processes, and each container that runs or has ended by itself.</summary>
    public static byte[] Write(EngineContext engine, InitWatch inits, EventRing ring, int clients) => ApiText.Line(json =>
    {
        json.WriteString("reply", "status");
        json.WriteNumber("worker", Environment.ProcessId);
        json.WriteString("ends", new ExitRecorder(engine.Layout).IsOn ? "noted" : "seen");
        json.WriteNumber("first", ring.First);
        json.WriteNumber("next", ring.Next);
        json.WriteNumber("clients", clients);
        json.WriteStartArray("running");
        foreach (var ctid in inits.Containers.Order())
            json.WriteNumberValue(ctid.Value);
        json.WriteEndArray();
        json.WriteStartArray("ended");
        foreach (var (ctid, record) in new EndRecords(engine.Layout).All().OrderBy(known => known.Ctid))
            Write(json, ctid, record);
        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, Ctid ctid, EndRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("ctid", ctid.Value);
        json.WriteString("kind", ContainerEvent.NameOf(record.End.Event));
        if (record.End.Detail.Length > 0)
            json.WriteString("detail", record.End.Detail);
        json.WriteString("time", record.Ended.UtcDateTime);
        json.WriteNumber("quick", record.QuickEnds);
        if (record.Due is { } due)
            json.WriteString("restart", due.UtcDateTime);
        json.WriteEndObject();
    }
}

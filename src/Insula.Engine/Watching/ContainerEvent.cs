using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Insula.Engine.Containers;

namespace Insula.Engine.Watching;

/// <summary>Something that happened to a container.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Ctid">To which container; 0: to the host.</param>
/// <param name="Kind">What.</param>
/// <param name="Detail">More about it; may be empty.</param>
public sealed record ContainerEvent(DateTime Time, Ctid Ctid, EventKind Kind, string Detail)
{
    /// <summary>A detail has no more characters than this.</summary>
    public const int LongestDetail = 400;

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    private static readonly string[] Names =
        ["create", "destroy", "set", "mount", "umount", "start", "stop", "exit", "poweroff", "reboot", "crash", "ended", "delay", "failed"];

    /// <summary>The kind as it is written.</summary>
    public string KindName => NameOf(Kind);

    /// <summary>A kind as it is written.</summary>
    public static string NameOf(EventKind kind) => Names[(int)kind];

    /// <summary>One line of JSON with its line feed.</summary>
    /// <param name="sequence">Its number; null where the place tells it.</param>
    public byte[] ToLine(long? sequence)
    {
        var buffer = new ArrayBufferWriter<byte>(192);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (sequence is { } number)
                json.WriteNumber("seq", number);
            json.WriteString("time", Time.ToString(TimeFormat, CultureInfo.InvariantCulture));
            json.WriteNumber("ctid", Ctid.Value);
            json.WriteString("kind", KindName);
            if (Detail.Length > 0)
                json.WriteString("detail", Detail.Length > LongestDetail ? Detail[..LongestDetail] : Detail);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A line for people: <c>2026-11-28T05:04:18.123Z CT 101 crash: signal 11 (SEGV)</c>.</summary>
    public override string ToString()
        => $"{Time.ToString(TimeFormat, CultureInfo.InvariantCulture)} CT {Ctid} {KindName}{(Detail.Length > 0 ? $": {Detail}" : "")}";

    /// <summary>Understands a line; null if it is none.</summary>
    /// <param name="line">The JSON, with or without line feed.</param>
    /// <param name="sequence">Its number, if the line has one; else 0.</param>
    public static ContainerEvent? Parse(ReadOnlySpan<byte> line, out long sequence)
    {
        sequence = 0;
        try
        {
            return Read(new Utf8JsonReader(line), ref sequence);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static ContainerEvent? Read(Utf8JsonReader json, ref long sequence)
    {
        DateTime? time = null;
        Ctid? ctid = null;
        var kind = -1;
        var detail = "";
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            switch (name)
            {
                case "seq":
                    sequence = json.GetInt64();
                    break;
                case "time":
                    time = DateTime.ParseExact(
                        json.GetString() ?? "", TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
                    break;
                case "ctid" when json.GetInt32() is var number and >= 0 and <= Ctid.MaxValue:
                    ctid = new Ctid(number);
                    break;
                case "kind":
                    kind = Array.IndexOf(Names, json.GetString());
                    break;
                case "detail":
                    detail = json.GetString() ?? "";
                    break;
                default:
                    json.Skip();
                    break;
            }
        }
        return time is { } when && ctid is { } who && kind >= 0 ? new ContainerEvent(when, who, (EventKind)kind, detail) : null;
    }
}

using System.Text.Json;
using Insula.Engine.Containers;

namespace Insula.Engine.Watching;

/// <summary>What a client of the API socket asks for: one line, <c>{"insula":1,"request":"events","since":12,"ctids":[101]}</c>.</summary>
/// <param name="Kind">What.</param>
/// <param name="Since">The number of the first event that is wanted; null: those from now on.</param>
/// <param name="Containers">The containers whose events are wanted; empty: all.</param>
public sealed record ApiRequest(ApiRequestKind Kind, long? Since, IReadOnlySet<Ctid> Containers)
{
    /// <summary>The version of the protocol.</summary>
    public const int Version = 1;

    /// <summary>A request is not longer than this, its line feed included. Bytes.</summary>
    public const int LongestLine = 4096;

    /// <summary>So many containers may be named.</summary>
    public const int MostContainers = 256;

    /// <summary>Understands a request.</summary>
    /// <param name="line">The line without its line feed: anything at all.</param>
    /// <param name="error">What is wrong with it; null if nothing.</param>
    public static ApiRequest? Parse(ReadOnlySpan<byte> line, out string? error)
    {
        try
        {
            var reader = new RequestReader();
            error = reader.Read(new Utf8JsonReader(line)) ?? reader.Check();
            return error is null ? new ApiRequest(reader.Kind!.Value, reader.Since, reader.Containers) : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            error = "the request is no JSON object of the expected types";
            return null;
        }
    }

    /// <summary>The line that says this, with its line feed.</summary>
    public byte[] ToLine()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("insula", Version);
            json.WriteString("request", Kind switch { ApiRequestKind.Events => "events", ApiRequestKind.Status => "status", _ => "sysinfo" });
            if (Since is { } since)
                json.WriteNumber("since", since);
            if (Containers.Count > 0)
            {
                json.WriteStartArray("ctids");
                foreach (var ctid in Containers)
                    json.WriteNumberValue(ctid.Value);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private sealed class RequestReader
    {
        private int _version;

        public ApiRequestKind? Kind { get; private set; }

        public long? Since { get; private set; }

        public HashSet<Ctid> Containers { get; } = [];

        public string? Read(Utf8JsonReader json)
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return "the request is no JSON object";
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString();
                json.Read();
                if (name == "insula")
                    _version = json.GetInt32();
                else if (name == "request")
                    Kind = json.GetString() switch { "events" => ApiRequestKind.Events, "status" => ApiRequestKind.Status, "sysinfo" => ApiRequestKind.SysInfo, _ => null };
                else if (name == "since")
                    Since = json.GetInt64();
                else if (name != "ctids")
                    json.Skip();
                else if (!ReadContainers(ref json))
                    return $"ctids must be an array of at most {MostContainers} container numbers";
            }
            // What follows the object is no part of it.
            return json.Read() ? "the request is more than one JSON object" : null;
        }

        public string? Check()
            => _version != Version ? $"this is version {Version} of the protocol: say \"insula\":{Version}"
                : Kind is null ? "request must be events, status or sysinfo"
                : Kind is ApiRequestKind.SysInfo && Containers.Count != 1 ? "sysinfo is for one container"
                : Since < 0 ? "since must not be negative"
                : null;

        private bool ReadContainers(ref Utf8JsonReader json)
        {
            if (json.TokenType != JsonTokenType.StartArray)
                return false;
            while (json.Read() && json.TokenType == JsonTokenType.Number)
            {
                if (!json.TryGetInt32(out var number) || number is < 0 or > Ctid.MaxValue || Containers.Count == MostContainers)
                    return false;
                Containers.Add(new Ctid(number));
            }
            return json.TokenType == JsonTokenType.EndArray;
        }
    }
}

/// <summary>Kinds of <see cref="ApiRequest"/>.</summary>
public enum ApiRequestKind
{
    /// <summary>The stream of events.</summary>
    Events,

    /// <summary>One line about the daemon and the containers.</summary>
    Status,

    /// <summary>That sysinfo(2) be answered at a listener that follows, with a byte, when the daemon has said that it is ready for it.</summary>
    SysInfo,
}

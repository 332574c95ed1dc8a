using System.Buffers;
using System.Text.Json;

namespace Insula.Engine.Watching;

/// <summary>The lines of the protocol that are no events.</summary>
internal static class ApiText
{
    /// <summary>What the answer to a request for events begins with.</summary>
    public static byte[] Opening(long first, long next) => Line(json =>
    {
        json.WriteString("reply", "events");
        json.WriteNumber("first", first);
        json.WriteNumber("next", next);
    });

    /// <summary>Events that were asked for are not there any more.</summary>
    public static byte[] Lost(long count) => Line(json =>
    {
        json.WriteString("notice", "lost");
        json.WriteNumber("missed", count);
    });

    /// <summary>The connection ends because the client has not read its events for so long that they are gone; it may come again.</summary>
    public static byte[] TooSlow() => Line(json => json.WriteString("notice", "slow"));

    /// <summary>A listener may be sent.</summary>
    public static byte[] ListenerReady() => Line(json => json.WriteString("sysinfo", "ready"));

    /// <summary>Questions at the listener are answered from now on.</summary>
    public static byte[] ListenerKept() => Line(json => json.WriteString("sysinfo", "kept"));

    /// <summary>The connection ends because of this.</summary>
    public static byte[] Error(string text) => Line(json => json.WriteString("error", text));

    /// <summary>One object on one line.</summary>
    public static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("insula", ApiRequest.Version);
            write(json);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}

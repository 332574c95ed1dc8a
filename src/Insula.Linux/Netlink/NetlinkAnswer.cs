using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

/// <summary>The verdict on a request (NLMSG_ERROR, NLMSG_DONE).</summary>
/// <param name="Errno">None for success.</param>
/// <param name="Text">The kernel's explanation, "Invalid prefix for given prefix length", or null.</param>
internal readonly record struct NetlinkAnswer(Errno Errno, string? Text)
{
    private const int ErrorSize = sizeof(int);

    /// <summary>
    /// Reads the body of an error or done message: an int that is 0 or -errno; in an error the header of the request follows
    /// (and the whole request, unless the message says it is capped); then come attributes, if the message says so.
    /// </summary>
    public static NetlinkAnswer Read(NetlinkMessage message)
    {
        var code = NetlinkMessage.ReadFixed<int>(message.Payload);
        if (code is > 0 or < -4095)
            throw NetlinkMessage.Malformed($"error code {code}");
        var text = message.Flags.HasFlag(NetlinkFlags.AckAttributes) ? ReadText(message) : null;
        return new NetlinkAnswer((Errno)(-code), text);
    }

    private static string? ReadText(NetlinkMessage message)
    {
        var attributes = new AttributeReader(message.Payload[AttributesStart(message)..]);
        while (attributes.Next())
        {
            if (attributes.Type == ErrorAttribute.Message)
                return attributes.Text();
        }
        return null;
    }

    private static int AttributesStart(NetlinkMessage message)
    {
        if (message.Type == NetlinkMessageType.Done)
            return ErrorSize;
        var headerSize = Unsafe.SizeOf<NetlinkHeader>();
        var request = NetlinkMessage.ReadFixed<NetlinkHeader>(message.Payload[ErrorSize..]);
        long start = ErrorSize + (message.Flags.HasFlag(NetlinkFlags.Capped) ? headerSize : ((long)request.Length + 3) & ~3L);
        return start <= message.Payload.Length ? (int)start : throw NetlinkMessage.Malformed($"error about a request of {request.Length} bytes");
    }
}

using System.Buffers.Binary;
using System.Text;
using Insula.Linux.Netlink;

namespace Insula.Linux.Nftables;

/// <summary>Builds the bytes of a set's key from its parts: <c>NftKey.Of("veth101.0", address)</c>.</summary>
public static class NftKey
{
    private const int LinkNameSize = 16;

    /// <summary>A link's name.</summary>
    public static byte[] Of(string link) => Build(link, []);

    /// <summary>A link's name and an address.</summary>
    public static byte[] Of(string link, IpAddress address) => Build(link, Bytes(address));

    /// <summary>A link's name and a hardware address.</summary>
    public static byte[] Of(string link, MacAddress mac)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        mac.CopyTo(bytes);
        return Build(link, bytes);
    }

    /// <summary>An address.</summary>
    public static byte[] Of(IpAddress address) => Bytes(address);

    /// <summary>Two links' names.</summary>
    public static byte[] Of(string link, string other) => [.. Of(link), .. Of(other)];

    /// <summary>Parts that each begin at a multiple of four bytes.</summary>
    public static byte[] Join(params ReadOnlySpan<byte[]> parts)
    {
        var key = new List<byte>();
        foreach (var part in parts)
        {
            key.AddRange(part);
            while (key.Count % 4 != 0)
                key.Add(0);
        }
        return [.. key];
    }

    /// <summary>A number in network byte order: an EtherType.</summary>
    public static byte[] OfEtherType(ushort type)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, type);
        return bytes;
    }

    /// <summary>The name of the link at the beginning of a key.</summary>
    public static string LinkOf(ReadOnlySpan<byte> key)
    {
        var name = key[..Math.Min(LinkNameSize, key.Length)];
        var end = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }

    /// <summary>The address at the end of a key, after a link's name.</summary>
    public static bool TryAddressOf(ReadOnlySpan<byte> key, out IpAddress address)
    {
        address = default;
        return key.Length > LinkNameSize && IpAddress.TryFromBytes(key[LinkNameSize..], out address);
    }

    private static byte[] Bytes(IpAddress address)
    {
        var bytes = new byte[address.Length];
        address.CopyTo(bytes);
        return bytes;
    }

    private static byte[] Build(string link, ReadOnlySpan<byte> rest)
    {
        var key = new byte[LinkNameSize + rest.Length];
        Encoding.UTF8.GetBytes(link, key.AsSpan(0, LinkNameSize - 1));
        rest.CopyTo(key.AsSpan(LinkNameSize));
        return key;
    }
}

using System.Globalization;

namespace Insula.Engine.Network.Firewall;

/// <summary>How many connections the host follows for a container that has not been given a bound.</summary>
internal static class ConnectionBound
{
    private const uint Share = 8;

    /// <summary>Where the host's table has the size that Linux gives it on a machine with 4 GiB and more.</summary>
    private const uint Unknown = 262144 / Share;

    /// <summary>
    /// An eighth of the host's table (net.netfilter.nf_conntrack_max, kernel document networking/nf_conntrack-sysctl), each way: a container that
    /// fills its bound both ways leaves three quarters to the others.
    /// </summary>
    public static uint Ordinary() => Ordinary("/proc/sys/net/netfilter/nf_conntrack_max");

    /// <summary>The same, for a file with the size of the table. There is none before the kernel follows the first connection.</summary>
    internal static uint Ordinary(string path)
    {
        try
        {
            return uint.TryParse(File.ReadAllText(path), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var size) ? Math.Max(1, size / Share) : Unknown;
        }
        catch (IOException)
        {
            return Unknown;
        }
    }
}

using Insula.Linux.Nftables;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network;

/// <summary>
/// Keeps a container from sending with a source address that is not routed to it: one nftables table, "insula_venet", with one rule for
/// all containers, made when it is first needed. Every start looks whether it is still there, since "nft flush ruleset" removes it.
/// Where the kernel has no nftables, IPv4 is still held by rp_filter and IPv6 is not held at all.
/// </summary>
public static class VenetSourceFilter
{
    private static readonly SourceAddressFilter s_filter = new("insula_venet", VenetName.Stem);

    /// <summary>Puts the rule in force if it is not.</summary>
    /// <returns>False if this kernel cannot.</returns>
    public static bool Ensure()
    {
        try
        {
            s_filter.Ensure();
            return true;
        }
        catch (LinuxException error) when (IsMissingFeature(error.Errno))
        {
            return false;
        }
    }

    /// <summary>True if the rule is in force.</summary>
    public static bool IsInForce()
    {
        try
        {
            return s_filter.IsInstalled();
        }
        catch (LinuxException error) when (IsMissingFeature(error.Errno))
        {
            return false;
        }
    }

    /// <summary>Takes the rule away (uninstallation). False if there was none.</summary>
    public static bool Remove() => IsInForce() && s_filter.Remove();

    // No nfnetlink, no nftables in it, or no "fib" expression.
    private static bool IsMissingFeature(Errno errno)
        => errno is Errno.EPROTONOSUPPORT or Errno.EAFNOSUPPORT or Errno.EOPNOTSUPP or Errno.ENOENT or Errno.EINVAL;
}

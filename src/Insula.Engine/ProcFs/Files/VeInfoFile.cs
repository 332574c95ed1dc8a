using System.Globalization;

namespace Insula.Engine.ProcFs.Files;

/// <summary>OpenVZ's /proc/vz/veinfo, the container's own line: <c>       101     0    12     192.0.2.7</c> - number, class, tasks, addresses.</summary>
public sealed class VeInfoFile() : VirtualFile("vz/veinfo")
{
    /// <inheritdoc/>
    public override bool CoversKernelFile => false;

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        output.Add(string.Create(CultureInfo.InvariantCulture, $"{view.Ctid,10} {0,5} {view.Tasks,5}"));
        foreach (var address in view.Addresses)
            output.Add($" {AddressAlone(address),15}");
        output.Add("\n"u8);
    }

    // The length of a prefix is no part of it.
    private static string AddressAlone(string address) => address.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? address[..slash] : address;
}

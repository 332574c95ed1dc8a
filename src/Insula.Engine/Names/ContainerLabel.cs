using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Names;

/// <summary>
/// The label that a container is published under: NAME, which only the host's administrator sets, in small letters, or ct101. HOSTNAME is not
/// it: hosters let their customers choose that, and one could choose the name of somebody else's server.
/// </summary>
internal static class ContainerLabel
{
    private const int LongestLabel = 190; // leaves room for the domain in the 253 of a name

    /// <summary>The label.</summary>
    public static string Of(ContainerContext container)
        => container.Config.TryGet(GeneralParameters.Name, out var name) && IsUsable(name) ? name.ToLowerInvariant() : $"ct{container.Ctid}";

    private static bool IsUsable(string name)
        => name.Length <= LongestLabel && DomainName.WhyNot(name, allowUnderscore: false) == null && !IsReserved(name);

    // "localhost" means each to himself, and "ct102" is another container that has no name.
    private static bool IsReserved(string name)
        => name.Split('.')[0].Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (name.StartsWith("ct", StringComparison.OrdinalIgnoreCase) && Ctid.TryParse(name.AsSpan(2), out _));
}

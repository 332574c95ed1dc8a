using Insula.Engine.Beancounters;
using Insula.Engine.Containers;
using Insula.Engine.Containers.Listing;

namespace Insula.Engine.Planning;

/// <summary>Accounts made of what a list of containers knows of their use, with the bounds of their configuration.</summary>
/// <param name="listing">The containers.</param>
public sealed class ListedBeancounters(ContainerListing listing) : IBeancounterReader
{
    /// <inheritdoc/>
    public Beancounter? Read(Ctid ctid) => ReadAll().FirstOrDefault(account => account.Ctid == ctid);

    /// <inheritdoc/>
    public IReadOnlyList<Beancounter> ReadAll() => [.. listing.All().Where(container => container.IsRunning).Select(Of)];

    private static Beancounter Of(ListedContainer container)
        => new(container.Ctid, [.. ConfiguredBeancounter.Of(container.Config).Rows.Select(row =>
        {
            var use = container.Usage(row.Resource.Parameter);
            return row with { Held = use?.Held ?? 0, MaxHeld = use?.MaxHeld ?? use?.Held ?? 0, FailCount = use?.FailCount ?? 0 };
        })]);
}

using Insula.Engine.Beancounters;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;

namespace Insula.Engine.Planning;

/// <summary>RAM and swap of one container, in bytes.</summary>
/// <param name="Ctid">The container.</param>
/// <param name="Ram">RAM.</param>
/// <param name="Swap">Swap.</param>
/// <param name="IsGuessed">True for a container without vswap: there its limits are half of privvmpages each.</param>
public sealed record OversellRow(Ctid Ctid, MemoryUse Ram, MemoryUse Swap, bool IsGuessed)
{
    /// <summary>
    /// What is to be noted, a letter each: f RAM has run into its limit and was reclaimed, which is no failure; u not limited; g limits are guessed.
    /// "-" for nothing.
    /// </summary>
    public string Flags
    {
        get
        {
            var flags = $"{(Ram.Fails > 0 ? "f" : "")}{(Ram.IsUnlimited || Swap.IsUnlimited ? "u" : "")}{(IsGuessed ? "g" : "")}";
            return flags.Length == 0 ? "-" : flags;
        }
    }

    /// <summary>Of a container's account; a row that is missing in it says that there is no limit (/proc/user_beancounters has no swappages).</summary>
    public static OversellRow Of(Beancounter account)
    {
        var ram = Row(account, BeancounterResources.Memory);
        var swap = Row(account, BeancounterResources.Swap);
        if (VswapRules.IsVswap(new BarrierLimit(ram.Barrier, ram.Limit)))
            return new OversellRow(account.Ctid, Use(ram, ram.Limit), Use(swap, swap.Limit), IsGuessed: false);
        var allocated = Row(account, BeancounterResources.PrivateMemory).Limit;
        var half = allocated == BarrierLimit.Unlimited ? allocated : allocated / 2;
        return new OversellRow(account.Ctid, Use(ram, half), Use(swap, half), IsGuessed: true);
    }

    private static BeancounterReading Row(Beancounter account, BeancounterResource resource)
    {
        foreach (var row in account.Rows)
        {
            if (row.Resource == resource)
                return row;
        }
        return new BeancounterReading(resource, 0, 0, BarrierLimit.Unlimited, BarrierLimit.Unlimited, 0);
    }

    private static MemoryUse Use(BeancounterReading row, long limit)
        => new(Bytes(row.Held), Bytes(row.MaxHeld), Bytes(limit), row.FailCount);

    private static long Bytes(long pages) => pages > BarrierLimit.Unlimited / Quantity.PageSize ? BarrierLimit.Unlimited : pages * Quantity.PageSize;
}

using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers;

/// <summary>
/// Gives each container host ids of its own, so that root of one is nobody to the host and to every other container. Ranges
/// start at multiples of 65536 within what systemd's convention leaves to containers (systemd.io/UIDS-GIDS), and never touch
/// a user, a group, a subuid or subgid range, or the ids of any configured container.
/// </summary>
/// <param name="store">The containers of this host.</param>
/// <param name="etc">The directory of passwd, group, subuid and subgid.</param>
public sealed class IdRangeAllocator(ContainerStore store, string etc = "/etc")
{
    /// <summary>The first id of the first range.</summary>
    public const uint First = 0x0008_0000;

    /// <summary>The first id of the last range.</summary>
    public const uint Last = 0x6FFF_0000;

    private const int Slots = (int)((Last - First) / IdRange.Size) + 1;
    private const int CounterSize = 64;

    /// <summary>
    /// Where the search for the next range begins. It is beside the lock rather than below /run, so that the ids of a container
    /// that was just destroyed are not given out again at once, after a reboot either.
    /// </summary>
    private string CounterPath => Path.Combine(store.Layout.LockDirectory, "next-id-range");

    /// <summary>
    /// A range nobody has. It is the container's once LOCAL_UID and LOCAL_GID are saved in its configuration, which the caller
    /// does before letting go of the lock.
    /// </summary>
    /// <param name="held">The allocation lock, held by the caller.</param>
    /// <exception cref="InsulaException">There is none left (6), or the host's accounts cannot be read (3).</exception>
    public IdRange Allocate(AllocationLock held)
    {
        ArgumentNullException.ThrowIfNull(held);
        var taken = TakenSlots();
        var start = ReadCounter();
        for (var i = 0; i < Slots; i++)
        {
            var slot = (start + i) % Slots;
            if (taken[slot])
                continue;
            AtomicFile.Replace(CounterPath, Encoding.ASCII.GetBytes($"{(slot + 1) % Slots}\n"), durable: false);
            var first = First + (uint)slot * IdRange.Size;
            return new IdRange(first, first);
        }
        throw new InsulaException(ExitCode.NotEnoughResources, $"No free range of {IdRange.Size} user ids is left between {First} and {Last + IdRange.Size - 1}");
    }

    /// <summary>Allocates a range and saves it in a container's configuration, under the lock that the caller holds.</summary>
    /// <exception cref="InsulaException">As <see cref="Allocate"/>; not saved (139).</exception>
    public IdRange AllocateFor(ContainerConfig config, AllocationLock held)
    {
        var range = Allocate(held);
        Store(config, range);
        store.Save(config, held);
        return range;
    }

    /// <summary>Writes a range into a configuration, which is not saved.</summary>
    public static void Store(ContainerConfig config, IdRange range)
    {
        config.Set(GeneralParameters.LocalUid, range.FirstUid);
        config.Set(GeneralParameters.LocalGid, range.FirstGid);
    }

    /// <summary>The range in a container's configuration; null when it has none yet. One of the two keys alone stands for both.</summary>
    /// <exception cref="InsulaException">What is there is no number (85).</exception>
    public static IdRange? RangeOf(ContainerConfig config)
    {
        var hasUid = config.TryGet(GeneralParameters.LocalUid, out var uid);
        var hasGid = config.TryGet(GeneralParameters.LocalGid, out var gid);
        return hasUid || hasGid ? new IdRange((uint)(hasUid ? uid : gid), (uint)(hasGid ? gid : uid)) : null;
    }

    /// <summary>
    /// Refuses a range that was given by hand or by another tool, when it would make ids of the container also ids of the host or
    /// of another container.
    /// </summary>
    /// <exception cref="InsulaException">It is refused (85), and whose ids they are.</exception>
    public void Validate(Ctid ctid, IdRange range)
    {
        Refuse(ctid, "LOCAL_UID", range.FirstUid);
        Refuse(ctid, "LOCAL_GID", range.FirstGid);
        foreach (var other in store.List())
        {
            if (other != ctid && TryRangeOf(other) is { } taken && taken.Overlaps(range))
            {
                throw new InsulaException(
                    ExitCode.InvalidConfig,
                    $"CT {ctid} and CT {other} share host ids: LOCAL_UID {range.FirstUid} and {taken.FirstUid}, LOCAL_GID {range.FirstGid} and {taken.FirstGid}, {IdRange.Size} ids each",
                    "Give one of them another range");
            }
        }
    }

    private static void Refuse(Ctid ctid, string key, uint first)
    {
        // Below 65536 are the host's own users, root first; at the top, ids that mean "no id" to the kernel.
        if (first is < IdRange.Size or > IdRange.LargestFirst)
        {
            throw new InsulaException(
                ExitCode.InvalidConfig,
                $"{key} {first} of CT {ctid} is refused: {(first < IdRange.Size ? "these are ids of the host itself" : "the range does not fit below 2^32 - 65536")}");
        }
    }

    private bool[] TakenSlots()
    {
        var taken = new bool[Slots];
        try
        {
            new HostIds(etc).Visit((first, last) => Mark(taken, first, last));
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.SystemError, $"Cannot tell which ids are free: {error.Message}", cause: error);
        }
        foreach (var ctid in store.List())
        {
            if (TryRangeOf(ctid) is not { } range)
                continue;
            Mark(taken, range.FirstUid, (ulong)range.FirstUid + IdRange.Size - 1);
            Mark(taken, range.FirstGid, (ulong)range.FirstGid + IdRange.Size - 1);
        }
        return taken;
    }

    private static void Mark(bool[] taken, ulong first, ulong last)
    {
        if (last < First || first >= (ulong)Last + IdRange.Size)
            return;
        var from = first <= First ? 0 : (int)((first - First) / IdRange.Size);
        var to = Math.Min((int)((Math.Min(last, Last) - First) / IdRange.Size), Slots - 1);
        taken.AsSpan(from, Math.Max(to - from + 1, 0)).Fill(true);
    }

    /// <summary>
    /// Another container's range. Rubbish has none, and a container with such a configuration cannot start; one that cannot be read
    /// at all stops the search, since its ids are not known.
    /// </summary>
    private IdRange? TryRangeOf(Ctid ctid)
    {
        try
        {
            return store.TryLoad(ctid) is { } config ? RangeOf(config) : null;
        }
        catch (InsulaException error) when (error.Code == ExitCode.InvalidConfig)
        {
            return null;
        }
    }

    private int ReadCounter()
    {
        try
        {
            var text = Encoding.ASCII.GetString(SmallFile.Read(CounterPath, CounterSize)).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slot) ? slot % Slots : 0;
        }
        catch (LinuxException)
        {
            return 0; // the first allocation on this host
        }
        catch (InsulaException)
        {
            return 0; // rubbish: where the search begins does not matter for its result
        }
    }
}

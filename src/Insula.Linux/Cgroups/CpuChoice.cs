using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>Which processors a container runs on, from OpenVZ's <c>--cpus</c> (how many at most) and <c>--cpumask</c> (which).</summary>
public static class CpuChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="allowed">What the host lets containers use.</param>
    /// <param name="mask">The container's own mask, or null: then the containers are spread over the processors by their numbers.</param>
    /// <param name="count">How many processors it may use, or null for all of them. More than there are means all.</param>
    /// <param name="containerNumber">The container's number, not negative. The same number always gets the same processors.</param>
    /// <returns>With a mask, the lowest <paramref name="count"/> of the mask; else a run of them beginning behind that of the container before.</returns>
    /// <exception cref="LinuxException">EINVAL: no processor of the mask is to be had.</exception>
    public static CpuSet Choose(CpuSet allowed, CpuSet? mask, int? count, int containerNumber)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(containerNumber);
        if (count is { } wanted)
            ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        var candidates = mask is { } own ? allowed.Intersect(own) : allowed;
        if (candidates.IsEmpty)
            throw new LinuxException("use processors", $"{mask}", Errno.EINVAL, $"the processors to be had are {allowed}");
        var available = candidates.Count;
        if (count is null || count >= available)
            return candidates;
        var start = mask is null ? (int)((long)containerNumber * count.Value % available) : 0;
        return Pick([.. candidates.Members], start, count.Value);
    }

    private static CpuSet Pick(int[] candidates, int start, int count)
    {
        var chosen = new int[count];
        for (var i = 0; i < count; i++)
            chosen[i] = candidates[(start + i) % candidates.Length];
        return CpuSet.Of(chosen);
    }
}

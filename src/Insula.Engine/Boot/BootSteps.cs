using Insula.Engine.Containers;

namespace Insula.Engine.Boot;

/// <summary>
/// In which order containers start and stop with their host. All of one step may go at the same time; a step begins when the one before
/// it has ended. So a database with a larger BOOTORDER is there before what uses it, and still there when that stops.
/// </summary>
public static class BootSteps
{
    /// <summary>The larger BOOTORDER first, containers without one last. Those that run already, or are disabled, are left out.</summary>
    public static IReadOnlyList<IReadOnlyList<Ctid>> ToStart(IEnumerable<BootCandidate> containers)
        => InOrder(containers.Where(container => container.StartsAtBoot && !container.Disabled && !container.IsRunning));

    /// <summary>All that run, in the reverse order.</summary>
    public static IReadOnlyList<IReadOnlyList<Ctid>> ToStop(IEnumerable<BootCandidate> containers)
        => [.. Enumerable.Reverse(InOrder(containers.Where(container => container.IsRunning)))];

    private static List<IReadOnlyList<Ctid>> InOrder(IEnumerable<BootCandidate> containers)
        => [.. containers
            .GroupBy(container => container.BootOrder ?? -1)
            .OrderByDescending(step => step.Key)
            .Select(step => (IReadOnlyList<Ctid>)[.. step.Select(container => container.Ctid).Order()])];
}

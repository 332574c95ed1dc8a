using Insula.Engine.Containers;

namespace Insula.Engine.Boot;

/// <summary>What decides whether and when a container starts or stops with its host.</summary>
/// <param name="Ctid">The container.</param>
/// <param name="OnBoot">ONBOOT; null: it says nothing.</param>
/// <param name="BootOrder">BOOTORDER; null: it says nothing.</param>
/// <param name="Disabled">DISABLED.</param>
/// <param name="IsRunning">Whether it runs now.</param>
/// <param name="RanBefore">Whether it ran when the host went down.</param>
public sealed record BootCandidate(Ctid Ctid, bool? OnBoot, long? BootOrder, bool Disabled, bool IsRunning, bool RanBefore)
{
    /// <summary>True if it belongs to those that start with the host.</summary>
    public bool StartsAtBoot => OnBoot ?? RanBefore;
}

namespace Insula.Engine.Host;

/// <summary>A limit of the kernel that a host's containers share, and how high it must be.</summary>
/// <param name="Path">Below /proc/sys: <c>fs/aio-max-nr</c>.</param>
/// <param name="Minimum">What suffices for some hundred containers with systemd.</param>
/// <param name="IsRaised">
/// True if the kernel's default is too low, so that it is raised when the host is prepared and at each boot (sysctl.d). False if the
/// default is enough: one that is lower is somebody's decision, and only shown.
/// </param>
/// <param name="Cost">What happens when it is too low, one sentence for the administrator.</param>
public sealed record HostLimit(string Path, long Minimum, bool IsRaised, string Cost)
{
    /// <summary>As sysctl(8) names it.</summary>
    public string Name => SysctlChange.NameOf(Path);
}

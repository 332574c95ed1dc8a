namespace Insula.Engine.Distributions.Networks;

/// <summary>
/// The network services that are known, and which of them a container uses: those that start when it boots, or, where none is seen to, the
/// first that is there.
/// </summary>
internal static class NetworkServices
{
    private static readonly Netplan s_netplan = new();
    private static readonly Networkd s_networkd = new();
    private static readonly NetworkManager s_networkManager = new();

    // Those before NetworkManager keep it away from the interfaces that they configure.
    private static readonly INetworkService[] s_all =
        [s_netplan, new Ifupdown(), new NetworkScripts(), new Wicked(), new Netctl(), new Netifrc(), s_networkd, s_networkManager];

    /// <summary>Puts the container's services into those that are to be told of its interfaces and those that no longer are.</summary>
    public static (IReadOnlyList<INetworkService> Used, IReadOnlyList<INetworkService> Unused) Of(ContainerFiles files)
    {
        var present = new List<INetworkService>();
        var active = new List<INetworkService>();
        foreach (var service in s_all)
        {
            var state = service.Look(files);
            if (state != ServiceState.Missing)
                present.Add(service);
            if (state == ServiceState.Active)
                active.Add(service);
        }
        var used = active.Count > 0 ? WithoutThoseThatYield(active) : present.Count > 0 ? [present[0]] : present;
        return (used, present.FindAll(service => !used.Contains(service)));
    }

    // Netplan writes the files of networkd or NetworkManager itself. NetworkManager leaves alone what ifupdown and its like configure.
    private static List<INetworkService> WithoutThoseThatYield(List<INetworkService> active)
    {
        var used = new List<INetworkService>(active);
        if (used.Contains(s_netplan))
            used.RemoveAll(service => service == s_networkd || service == s_networkManager);
        if (used.Exists(service => service is Ifupdown or NetworkScripts or Wicked or Netctl or Netifrc))
            used.Remove(s_networkManager);
        return used;
    }
}

using System.Runtime.InteropServices;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Traffic;

/// <summary>The classes of networks as programs look them up.</summary>
/// <param name="maps">The maps.</param>
internal sealed class TrafficClassTable(TrafficMaps maps)
{
    /// <summary>Puts classes into force. What has the same class before and after has it in between.</summary>
    public void Load(IReadOnlyList<NetworkClass> classes)
    {
        var wanted4 = new HashSet<Prefix4>();
        var wanted6 = new HashSet<Prefix6>();
        foreach (var each in classes)
        {
            if (each.Network.Family == IpFamily.IPv4)
                wanted4.Add(Key4(each));
            else
                wanted6.Add(Key6(each));
            Set(each);
        }
        foreach (var gone in maps.Classes4.Keys().Where(key => !wanted4.Contains(key)))
            maps.Classes4.Remove(gone);
        foreach (var gone in maps.Classes6.Keys().Where(key => !wanted6.Contains(key)))
            maps.Classes6.Remove(gone);
        maps.State.TryGet(0, out var state);
        maps.State.Set(0, state with { HasClasses4 = IsWorthIt(classes, IpFamily.IPv4), HasClasses6 = IsWorthIt(classes, IpFamily.IPv6) });
    }

    /// <summary>The classes in force, the widest networks first.</summary>
    public IReadOnlyList<NetworkClass> List()
    {
        var classes = new List<NetworkClass>();
        foreach (var key in maps.Classes4.Keys())
        {
            if (maps.Classes4.TryGet(key, out var number))
                classes.Add(new NetworkClass((int)number, AddressOf(key.Network), (int)key.Length));
        }
        foreach (var key in maps.Classes6.Keys())
        {
            if (maps.Classes6.TryGet(key, out var number))
                classes.Add(new NetworkClass((int)number, AddressOf(key.Network), (int)key.Length));
        }
        return NetworkClasses.InOrder(classes);
    }

    /// <summary>An IPv4 address as programs see it.</summary>
    public static uint Number4(IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        address.CopyTo(bytes);
        return MemoryMarshal.Read<uint>(bytes);
    }

    private void Set(NetworkClass each)
    {
        if (each.Network.Family == IpFamily.IPv4)
            maps.Classes4.Set(Key4(each), (uint)each.Number);
        else
            maps.Classes6.Set(Key6(each), (uint)each.Number);
    }

    private static Prefix4 Key4(NetworkClass of) => new((uint)of.Length, Number4(of.Network));

    private static Prefix6 Key6(NetworkClass of) => new((uint)of.Length, Address6.Of(of.Network));

    // Where everything is of the class that it would be without, nothing needs to be looked up.
    private static uint IsWorthIt(IEnumerable<NetworkClass> classes, IpFamily family)
        => classes.Any(each => each.Network.Family == family && each.Number != NetworkClasses.Default) ? 1u : 0u;

    private static IpAddress AddressOf<T>(T network)
        where T : unmanaged
    {
        IpAddress.TryFromBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in network)), out var address);
        return address;
    }
}

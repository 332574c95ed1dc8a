namespace Insula.Engine.Beancounters.Bpf;

/// <summary>The descriptors of the maps as programs name them.</summary>
internal readonly record struct ProgramMaps(int Accounts, int Bounds, int Owners, int State, int Marks, int Sockets, int AddressSpaces, int Forks)
{
    private const int NotNeeded = -1;

    /// <summary>Those of opened maps, all there are; the set must stay open until the programs are loaded.</summary>
    public static ProgramMaps Of(BpfMapSet maps) => OfInternetSockets(maps) with
    {
        Sockets = maps.Sockets.Descriptor.Number,
        AddressSpaces = maps.AddressSpaces.Descriptor.Number,
        Forks = maps.Forks.Descriptor.Number,
    };

    /// <summary>Those that programs for internet sockets need.</summary>
    public static ProgramMaps OfInternetSockets(BpfMapSet maps) => new(
        maps.Accounts.Descriptor.Number, maps.Bounds.Descriptor.Number, maps.Owners.Descriptor.Number, maps.State.Descriptor.Number,
        maps.Marks.Descriptor.Number, NotNeeded, NotNeeded, NotNeeded);
}

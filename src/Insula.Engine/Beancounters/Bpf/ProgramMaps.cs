namespace Insula.Engine.Beancounters.Bpf;

/// <summary>The descriptors of the maps as programs name them.</summary>
internal readonly record struct ProgramMaps(int Accounts, int Bounds, int Owners, int State, int Marks, int Sockets, int AddressSpaces, int Forks)
{
    /// <summary>Those of opened maps; the set must stay open until the programs are loaded.</summary>
    public static ProgramMaps Of(BpfMapSet maps) => new(
        maps.Accounts.Descriptor.Number, maps.Bounds.Descriptor.Number, maps.Owners.Descriptor.Number, maps.State.Descriptor.Number,
        maps.Marks.Descriptor.Number, maps.Sockets.Descriptor.Number, maps.AddressSpaces.Descriptor.Number, maps.Forks.Descriptor.Number);
}

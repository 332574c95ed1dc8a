using System.Buffers.Binary;
using Insula.Linux.Netlink;

namespace Insula.Linux.Nftables;

/// <summary>Expressions on connections, maps and addresses that are changed.</summary>
public sealed partial class NftRule
{
    private readonly List<NftRangeSet> _ranges = [];

    /// <summary>Sets that belong to this rule alone; they are made with it and go with it.</summary>
    internal IReadOnlyList<NftRangeSet> Ranges => _ranges;

    /// <summary>Loads what is known of the packet's connection, 4 bytes in this machine's order.</summary>
    public NftRule Load(NftConntrack key, int register) => Add("ct", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.ConntrackRegister, Register(register));
        message.BigEndianAttribute(Nfta.ConntrackKey, (uint)key);
    });

    /// <summary>Goes on if one of these bits of the connection is set.</summary>
    public NftRule IfAny(NftConntrack key, uint bits, int register)
        => Load(key, register).Mask(register, BitConverter.GetBytes(bits)).IfNotEqual(register, new byte[sizeof(uint)]);

    /// <summary>Goes on if the destination is an address of this host.</summary>
    public NftRule IfLocal(int register) => Add("fib", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.FibRegister, Register(register));
        message.BigEndianAttribute(Nfta.FibResult, NftValue.FibAddressType);
        message.BigEndianAttribute(Nfta.FibFlags, NftValue.FibDestination);
    }).IfEqual(register, BitConverter.GetBytes(2u)); // RTN_LOCAL

    /// <summary>Goes on if the packet has an IPv6 extension header of this type.</summary>
    public NftRule IfHasExtension(byte type, int register) => Add("exthdr", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.ExtensionRegister, Register(register));
        message.Attribute(Nfta.ExtensionType, type);
        message.BigEndianAttribute(Nfta.ExtensionOffset, 0);
        message.BigEndianAttribute(Nfta.ExtensionLength, 1);
        message.BigEndianAttribute(Nfta.ExtensionFlags, NftValue.ExtensionPresent);
    }).IfEqual(register, [1]);

    /// <summary>Loads a value.</summary>
    public NftRule Load(byte[] value, int register) => Add("immediate", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.ImmediateRegister, Register(register));
        AddValue(ref message, Nfta.ImmediateData, value);
    });

    /// <summary>Goes on if a value lies in one of some ranges.</summary>
    public NftRule IfIn(NftRangeSet ranges, int register)
    {
        _ranges.Add(ranges);
        return Add("lookup", (ref NetlinkWriter message) =>
        {
            message.Attribute(Nfta.LookupSet, NftRangeSet.Name);
            message.BigEndianAttribute(Nfta.LookupSource, Register(register));
            message.BigEndianAttribute(Nfta.LookupSetId, ranges.Id);
            message.BigEndianAttribute(Nfta.LookupFlags, 0);
        });
    }

    /// <summary>Loads what a map has for a key. The rule ends where it has nothing.</summary>
    public NftRule Load(NftSet map, int keyRegister, int register) => Add("lookup", (ref NetlinkWriter message) =>
    {
        message.Attribute(Nfta.LookupSet, map.Name);
        message.BigEndianAttribute(Nfta.LookupSource, Register(keyRegister));
        message.BigEndianAttribute(Nfta.LookupDestination, Register(register));
    });

    /// <summary>Goes on in the chain that a map has for a key, and comes back. The rule ends where it has none.</summary>
    public NftRule Dispatch(NftSet map, int keyRegister) => Add("lookup", (ref NetlinkWriter message) =>
    {
        message.Attribute(Nfta.LookupSet, map.Name);
        message.BigEndianAttribute(Nfta.LookupSource, Register(keyRegister));
        message.BigEndianAttribute(Nfta.LookupDestination, NftValue.RegisterVerdict);
    });

    /// <summary>Puts a key into a set, or renews its time. The rule ends where the set is full.</summary>
    public NftRule Remember(NftSet set, int keyRegister, TimeSpan time) => Add("dynset", (ref NetlinkWriter message) =>
    {
        message.Attribute(Nfta.DynamicSetName, set.Name);
        message.BigEndianAttribute(Nfta.DynamicSetOperation, NftValue.DynamicSetUpdate);
        message.BigEndianAttribute(Nfta.DynamicSetKey, Register(keyRegister));
        message.Attribute(Nfta.DynamicSetTimeout, BigEndian((ulong)time.TotalMilliseconds));
    });

    /// <summary>Counts by a counter of the table.</summary>
    public NftRule Count(string counter) => Object(NftValue.ObjectCounter, counter);

    /// <summary>Goes on as long as a limit of the table is not used up.</summary>
    public NftRule IfWithin(string limit) => Object(NftValue.ObjectLimit, limit);

    /// <summary>Goes on if more connections than this have come to this rule and last; a packet's own counts.</summary>
    public NftRule IfConnectionsOver(uint count) => Add("connlimit", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.ConnectionLimitCount, count);
        message.BigEndianAttribute(Nfta.ConnectionLimitFlags, NftValue.ConnectionLimitInverted);
    });

    /// <summary>Writes a line about the packet to the kernel's log.</summary>
    /// <param name="prefix">What the line begins with; at most 126 bytes.</param>
    public NftRule Log(string prefix) => Add("log", (ref NetlinkWriter message) =>
    {
        message.Attribute(Nfta.LogPrefix, prefix);
        message.BigEndianAttribute(Nfta.LogLevel, NftValue.LogInformation);
    });

    /// <summary>Sends the connection to an address and port that two registers have.</summary>
    public NftRule Redirect(IpFamily family, int addressRegister, int portRegister) => Nat(NftValue.DestinationNat, family, addressRegister, portRegister);

    /// <summary>Lets the connection come from the address that a register has.</summary>
    public NftRule ComeFrom(IpFamily family, int addressRegister) => Nat(NftValue.SourceNat, family, addressRegister, null);

    /// <summary>Lets the connection come from the host's address on the link that it goes out by.</summary>
    public NftRule Masquerade() => Add("masq", static (ref NetlinkWriter _) => { });

    private NftRule Nat(uint type, IpFamily family, int address, int? port) => Add("nat", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.NatType, type);
        message.BigEndianAttribute(Nfta.NatFamily, family == IpFamily.IPv4 ? 2u : 10u);
        message.BigEndianAttribute(Nfta.NatAddress, Register(address));
        if (port is { } register)
            message.BigEndianAttribute(Nfta.NatPort, Register(register));
    });

    private NftRule Object(uint type, string name) => Add("objref", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.ObjectKind, type);
        message.Attribute(Nfta.ObjectOwnName, name);
    });

    private static byte[] BigEndian(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }
}

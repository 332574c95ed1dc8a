using Insula.Linux.Netlink;

namespace Insula.Linux.Nftables;

/// <summary>
/// A rule as a chain of expressions, each of which loads into a register, or goes on only if something is true, or decides. Registers are numbered
/// from 0 and four bytes wide; a longer value takes as many as it needs. A register holds only within its rule.
/// </summary>
public sealed partial class NftRule
{
    private const uint FirstRegister = 8; // NFT_REG32_00

    private delegate void Expression(ref NetlinkWriter message);

    private readonly List<Expression> _expressions = [];
    private readonly List<string> _names = [];

    /// <summary>The kinds of its expressions, in their order, as the kernel names them: <c>meta cmp immediate</c>.</summary>
    public override string ToString() => string.Join(' ', _names);

    /// <summary>Loads what is known of the packet.</summary>
    public NftRule Load(NftMeta key, int register) => Add("meta", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.MetaKey, (uint)key);
        message.BigEndianAttribute(Nfta.MetaRegister, Register(register));
    });

    /// <summary>Loads a piece of the packet. The rule ends where the packet is too short.</summary>
    public NftRule Load(NftPayload piece, int register) => Add("payload", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.PayloadRegister, Register(register));
        message.BigEndianAttribute(Nfta.PayloadBase, (uint)piece.Base);
        message.BigEndianAttribute(Nfta.PayloadOffset, (uint)piece.Offset);
        message.BigEndianAttribute(Nfta.PayloadLength, (uint)piece.Length);
    });

    /// <summary>Goes on if a register has this value.</summary>
    public NftRule IfEqual(int register, byte[] value) => Compare(register, NftValue.CompareEqual, value);

    /// <summary>Goes on if a register has another value.</summary>
    public NftRule IfNotEqual(int register, byte[] value) => Compare(register, NftValue.CompareNotEqual, value);

    private NftRule Compare(int register, uint operation, byte[] value) => Add("cmp", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.CompareRegister, Register(register));
        message.BigEndianAttribute(Nfta.CompareOperation, operation);
        AddValue(ref message, Nfta.CompareData, value);
    });

    /// <summary>Clears the bits of a register that are not in the mask, which is as long as the value.</summary>
    public NftRule Mask(int register, byte[] mask) => Add("bitwise", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.BitwiseSource, Register(register));
        message.BigEndianAttribute(Nfta.BitwiseDestination, Register(register));
        message.BigEndianAttribute(Nfta.BitwiseLength, (uint)mask.Length);
        AddValue(ref message, Nfta.BitwiseMask, mask);
        AddValue(ref message, Nfta.BitwiseXor, new byte[mask.Length]);
    });

    /// <summary>Goes on if a key is in a set.</summary>
    public NftRule IfIn(NftSet set, int keyRegister) => Lookup(set, keyRegister, 0);

    /// <summary>Goes on if a key is not in a set.</summary>
    public NftRule IfNotIn(NftSet set, int keyRegister) => Lookup(set, keyRegister, NftValue.LookupInverted);

    /// <summary>Counts by the counter that a map has for a key. The rule ends where it has none.</summary>
    public NftRule Count(NftSet counters, int keyRegister) => Add("objref", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.ObjectSetRegister, Register(keyRegister));
        message.Attribute(Nfta.ObjectSetName, counters.Name);
    });

    /// <summary>The packet is not looked at any more and goes its way.</summary>
    public NftRule Accept() => Verdict(NftValue.VerdictAccept, null);

    /// <summary>The packet is thrown away.</summary>
    public NftRule Drop() => Verdict(NftValue.VerdictDrop, null);

    /// <summary>Goes on after the rule that jumped here.</summary>
    public NftRule Return() => Verdict(NftValue.VerdictReturn, null);

    /// <summary>Goes on in another chain, and comes back.</summary>
    public NftRule Jump(string chain) => Verdict(NftValue.VerdictJump, chain);

    /// <summary>Goes on in another chain for good.</summary>
    public NftRule Goto(string chain) => Verdict(NftValue.VerdictGoto, chain);

    internal void Write(ref NetlinkWriter message)
    {
        var expressions = message.BeginNested(Nfta.RuleExpressions);
        foreach (var expression in _expressions)
            expression(ref message);
        message.EndNested(expressions);
    }

    private NftRule Lookup(NftSet set, int keyRegister, uint flags) => Add("lookup", (ref NetlinkWriter message) =>
    {
        message.Attribute(Nfta.LookupSet, set.Name);
        message.BigEndianAttribute(Nfta.LookupSource, Register(keyRegister));
        message.BigEndianAttribute(Nfta.LookupFlags, flags);
    });

    private NftRule Verdict(int code, string? chain) => Add("immediate", (ref NetlinkWriter message) =>
    {
        message.BigEndianAttribute(Nfta.ImmediateRegister, NftValue.RegisterVerdict);
        var data = message.BeginNested(Nfta.ImmediateData);
        var verdict = message.BeginNested(Nfta.DataVerdict);
        message.BigEndianAttribute(Nfta.VerdictCode, unchecked((uint)code));
        if (chain is not null)
            message.Attribute(Nfta.VerdictChain, chain);
        message.EndNested(verdict);
        message.EndNested(data);
    });

    private NftRule Add(string name, Expression write)
    {
        _names.Add(name);
        _expressions.Add((ref NetlinkWriter message) =>
        {
            var element = message.BeginNested(Nfta.ListElement);
            message.Attribute(Nfta.ExpressionName, name);
            var data = message.BeginNested(Nfta.ExpressionData);
            write(ref message);
            message.EndNested(data);
            message.EndNested(element);
        });
        return this;
    }

    private static void AddValue(ref NetlinkWriter message, ushort type, byte[] value)
    {
        var nested = message.BeginNested(type);
        message.Attribute(Nfta.DataValue, value);
        message.EndNested(nested);
    }

    private static uint Register(int number) => FirstRegister + (uint)number;
}

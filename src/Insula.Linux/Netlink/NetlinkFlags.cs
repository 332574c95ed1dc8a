namespace Insula.Linux.Netlink;

/// <summary>nlmsg_flags of a message header (linux/netlink.h). Several bits mean one thing in a "get" and another in a "new".</summary>
[Flags]
internal enum NetlinkFlags : ushort
{
    None = 0,
    Request = 0x1,
    Multi = 0x2,
    Ack = 0x4,

    /// <summary>NLM_F_DUMP_INTR: the table changed during the dump, so it may be inconsistent.</summary>
    DumpInterrupted = 0x10,

    /// <summary>NLM_F_ROOT|NLM_F_MATCH of a "get".</summary>
    Dump = 0x300,

    Replace = 0x100,
    Exclusive = 0x200,
    Create = 0x400,

    /// <summary>NLM_F_APPEND of a "new": at the end of the list.</summary>
    Append = 0x800,

    /// <summary>NLM_F_CAPPED of an error: the request is not repeated in it.</summary>
    Capped = 0x100,

    /// <summary>NLM_F_ACK_TLVS of an error: attributes with the kernel's text follow.</summary>
    AckAttributes = 0x200,
}

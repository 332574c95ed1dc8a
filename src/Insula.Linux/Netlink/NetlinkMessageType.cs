namespace Insula.Linux.Netlink;

/// <summary>nlmsg_type of a message header: control messages and those of route netlink (linux/rtnetlink.h).</summary>
internal enum NetlinkMessageType : ushort
{
    None = 0,
    NoOperation = 1,
    Error = 2,
    Done = 3,
    Overrun = 4,
    NewLink = 16,
    DelLink = 17,
    GetLink = 18,
    SetLink = 19,
    NewAddress = 20,
    DelAddress = 21,
    GetAddress = 22,
    NewRoute = 24,
    DelRoute = 25,
    GetRoute = 26,
    NewNeighbour = 28,
    DelNeighbour = 29,
    GetNeighbour = 30,
    NewQueueDiscipline = 36,
    NewTrafficClass = 40,
    DelTrafficClass = 41,
    NewTrafficFilter = 44,
}

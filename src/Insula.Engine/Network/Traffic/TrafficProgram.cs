using Insula.Linux.Bpf;
using Insula.Linux.Netlink;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Network.Traffic;

/// <summary>
/// The program that sees the packets of containers' links, at the host's end: one for what containers send, one for what they get. It finds the class of
/// the peer's address, diverts to <see cref="TrafficQueue"/> what there is a rate for, and counts. Whatever it does not understand it lets pass.
/// </summary>
/// <remarks>
/// R6 = the packet, R7 = whose link it is, R8 = the class, R9 = where its counts are. The cost of a packet does not depend on how many containers there
/// are: it is four look-ups in hashes and tries, one or two more where a rate holds.
/// </remarks>
internal sealed class TrafficProgram
{
    /// <summary>Counts up with each change of the program or its maps.</summary>
    public const int Revision = 1;

    // struct __sk_buff of linux/bpf.h
    private const int PacketLength = 0, Mark = 8, Protocol = 16, Priority = 32, ArrivedBy = 36, LinkIndex = 40, Segments = 164;

    // What __sk_buff.protocol holds, read as a number of this machine.
    private const int IPv4 = 0x0008, IPv6 = 0xdd86;

    private const int EthernetHeader = 14;
    private const int IPv6Header = 40;
    private const int Tcp = 6, Udp = 17, UdpHeader = 8, TcpLengthOffset = 12;

    // linux/pkt_cls.h
    private const int GoOn = -1;

    // The stack. An address lies right behind the length of a prefix, so that both are also the key of a trie.
    private const int Address4 = -4, Key4 = -8, Address6 = -20, Key6 = -24, LinkKey = -28, CtidKey = -32, Header = -56;
    private const int Rate = -72, RateDevice = -68, RateSelector = -64, Size = -80, Count = -88, Transport = -96;

    // struct bpf_fib_lookup: 64 bytes.
    private const int Route = -160, RouteSize = 64, RouteLink = 8, RouteTarget = 32, NoNeighbour = 7;
    private const int AF_INET = 2, AF_INET6 = 10;

    private const int FamilyOffset = 32, DirectionOffset = 16, ClassBits = 6, CounterMask = 0x3f0;

    private readonly BpfAssembler _code = new();
    private readonly TrafficMaps _maps;
    private readonly TrafficDirection _direction;
    private readonly BpfLabel _count, _end;

    private TrafficProgram(TrafficMaps maps, TrafficDirection direction)
    {
        (_maps, _direction) = (maps, direction);
        (_count, _end) = (_code.NewLabel(), _code.NewLabel());
    }

    /// <summary>Writes it.</summary>
    /// <param name="maps">The maps; open until the program is loaded.</param>
    /// <param name="direction">In: for what leaves the host by a link, to the container. Out: for what arrives.</param>
    public static BpfInstruction[] Write(TrafficMaps maps, TrafficDirection direction) => new TrafficProgram(maps, direction).Write();

    private BpfInstruction[] Write()
    {
        FindLink();
        Classify();
        Limit();
        _code.Place(_count);
        Measure();
        CountPacket();
        _code.Place(_end);
        _code.Return(GoOn);
        return _code.Assemble();
    }

    private void FindLink()
    {
        _code.Move(R6, R1);
        _code.LoadWord(R1, R6, LinkIndex);
        _code.Store(BpfSize.Word, R10, LinkKey, R1);
        Lookup(_maps.Links.Descriptor.Number, LinkKey);
        _code.JumpIfEqual(R0, 0, _end);
        _code.Move(R7, R0);
    }

    // R8 = the class of the peer's address, R9 = the family's part of where the counts are.
    private void Classify()
    {
        var six = _code.NewLabel();
        var classified = _code.NewLabel();
        _code.LoadWord(R1, R6, Protocol);
        _code.JumpIfEqual(R1, IPv6, six);
        _code.JumpIfNotEqual(R1, IPv4, _end);
        var isOut = _direction == TrafficDirection.Out;
        Classify(isOut ? 16 : 12, Address4, sizeof(uint), Key4, _maps.Own4.Descriptor.Number, _maps.Classes4.Descriptor.Number, 0, classified);
        _code.Place(six);
        Classify(isOut ? 24 : 8, Address6, 16, Key6, _maps.Own6.Descriptor.Number, _maps.Classes6.Descriptor.Number, FamilyOffset, classified);
        _code.Place(classified);
    }

    private void Classify(int packetOffset, int address, int length, int key, int own, int classes, int family, BpfLabel classified)
    {
        var byNetwork = _code.NewLabel();
        LoadHeader(packetOffset, address, length, _end);
        _code.Move(R9, family);
        Lookup(own, address);
        _code.JumpIfEqual(R0, 0, byNetwork);
        _code.Move(R8, 0);
        _code.Jump(classified);
        _code.Place(byNetwork);
        _code.Move(R8, NetworkClasses.Default);
        _code.LoadMapValue(R1, _maps.State.Descriptor.Number, family == 0 ? TrafficState.Classes4Offset : TrafficState.Classes6Offset);
        _code.LoadWord(R1, R1, 0);
        _code.JumpIfEqual(R1, 0, classified);
        _code.Store(BpfSize.Word, R10, key, length * 8);
        Lookup(classes, key);
        _code.JumpIfEqual(R0, 0, classified);
        _code.LoadWord(R8, R0, 0);
        _code.And(R8, TrafficTable.Classes - 1);
        _code.Jump(classified);
    }

    // Size and number of the packets that this one is on a wire: the kernel puts the segments of a connection together and takes them apart at the end.
    private void Measure()
    {
        var measured = _code.NewLabel();
        _code.LoadWord(R1, R6, PacketLength);
        _code.Add(R1, -EthernetHeader);
        _code.Store(R10, Size, R1);
        _code.LoadWord(R2, R6, Segments);
        _code.Store(R10, Count, R2);
        _code.JumpIf(R2, BpfCondition.Greater, 1, MeasureSegments(measured));
        _code.Store(BpfSize.Double, R10, Count, 1);
        _code.Place(measured);
    }

    // Written behind the end of the program; goes back to the label.
    private BpfLabel MeasureSegments(BpfLabel back)
    {
        var begin = _code.NewLabel();
        var after = _code.NewLabel();
        var haveTransport = _code.NewLabel();
        var four = _code.NewLabel();
        var tcp = _code.NewLabel();
        _code.Jump(after);
        _code.Place(begin);
        LoadHeader(0, Header, 12, back);
        _code.JumpIfEqual(R9, 0, four);
        _code.Load(BpfSize.Byte, R3, R10, Header + 6);
        _code.Move(R1, IPv6Header);
        _code.Jump(haveTransport);
        _code.Place(four);
        _code.Load(BpfSize.Byte, R3, R10, Header + 9);
        _code.Load(BpfSize.Byte, R1, R10, Header);
        _code.And(R1, 15);
        _code.ShiftLeft(R1, 2);
        _code.Place(haveTransport);
        _code.Store(R10, Transport, R1);
        _code.JumpIfEqual(R3, Tcp, tcp);
        _code.JumpIfNotEqual(R3, Udp, back);
        _code.Add(R1, UdpHeader);
        AddHeaders(back);
        _code.Place(tcp);
        _code.Move(R2, R1);
        _code.Add(R2, TcpLengthOffset);
        LoadHeader(Header, 1, back);
        _code.Load(BpfSize.Byte, R1, R10, Header);
        _code.ShiftRight(R1, 4);
        _code.ShiftLeft(R1, 2);
        _code.Load(R2, R10, Transport);
        _code.Add(R1, R2);
        AddHeaders(back);
        _code.Place(after);
        return begin;
    }

    // R1 = the bytes of headers that each segment but the first has in addition.
    private void AddHeaders(BpfLabel back)
    {
        _code.Load(R2, R10, Count);
        _code.Add(R2, -1);
        _code.Multiply(R1, R2);
        _code.Load(R2, R10, Size);
        _code.Add(R2, R1);
        _code.Store(R10, Size, R2);
        _code.Jump(back);
    }

    // A packet above its rate waits elsewhere and comes by once more, with a mark that says so; a container cannot set marks that the host sees.
    private void Limit()
    {
        var fresh = _code.NewLabel();
        var haveDevice = _code.NewLabel();
        var found = _code.NewLabel();
        LoadMark(R2);
        _code.LoadWord(R1, R6, Mark);
        _code.JumpIf(R1, BpfCondition.NotEqual, R2, fresh);
        _code.Move(R1, 0);
        _code.Store(BpfSize.Word, R6, Mark, R1);
        _code.Jump(_count);
        _code.Place(fresh);
        _code.LoadWord(R1, R7, TrafficLink.FlagsOffset);
        _code.JumpIfEqual(R1, 0, _count);
        _code.Store(BpfSize.Word, R10, RateDevice, 0);
        _code.Move(R2, R8);
        _code.Add(R2, (int)_direction << 8);
        _code.Store(BpfSize.Word, R10, RateSelector, R2);
        _code.LoadWord(R2, R7, TrafficLink.CtidOffset);
        _code.Store(BpfSize.Word, R10, Rate, R2);
        _code.JumpIf(R1, BpfCondition.AnyBit, (int)TrafficLink.HasDevices, FindDevice(haveDevice));
        _code.Place(haveDevice);
        Lookup(_maps.Rates.Descriptor.Number, Rate);
        _code.JumpIfNotEqual(R0, 0, found);
        _code.Store(BpfSize.Word, R10, RateDevice, 0);
        Lookup(_maps.Rates.Descriptor.Number, Rate);
        _code.JumpIfEqual(R0, 0, _count);
        _code.Place(found);
        Divert();
    }

    // R0 = the rate: the packet goes to the queue, by its class there.
    private void Divert()
    {
        _code.LoadMapValue(R1, _maps.State.Descriptor.Number, TrafficState.QueueOffset);
        _code.LoadWord(R1, R1, 0);
        _code.JumpIfEqual(R1, 0, _count);
        _code.LoadWord(R3, R0, 0);
        _code.Add(R3, (int)ShapingClass.Major);
        _code.Store(BpfSize.Word, R6, Priority, R3);
        LoadMark(R2);
        _code.Store(BpfSize.Word, R6, Mark, R2);
        _code.Move(R2, 0);
        _code.Call(BpfHelper.Redirect);
        _code.Exit();
    }

    private void LoadMark(BpfRegister register)
    {
        _code.LoadWord(register, R6, LinkIndex);
        _code.Add(register, _direction == TrafficDirection.In ? TrafficQueueProgram.MarkIn : TrafficQueueProgram.MarkOut);
        _code.Move32(register, register);
    }

    // The device that the packet comes from or goes to; stays 0 if that is not known.
    private BpfLabel FindDevice(BpfLabel back)
    {
        var begin = _code.NewLabel();
        var after = _code.NewLabel();
        var byRoute = _code.NewLabel();
        _code.Jump(after);
        _code.Place(begin);
        _code.LoadWord(R1, R7, TrafficLink.DeviceOffset);
        _code.JumpIfEqual(R1, 0, byRoute);
        _code.Store(BpfSize.Word, R10, RateDevice, R1);
        _code.Jump(back);
        _code.Place(byRoute);
        if (_direction == TrafficDirection.In)
            _code.LoadWord(R1, R6, ArrivedBy);
        else
            FindRoute(back);
        _code.Store(BpfSize.Word, R10, RateDevice, R1);
        _code.Jump(back);
        _code.Place(after);
        return begin;
    }

    // R1 = the index of the link that leads to the packet's destination.
    private void FindRoute(BpfLabel none)
    {
        var six = _code.NewLabel();
        var ask = _code.NewLabel();
        var there = _code.NewLabel();
        for (var offset = 0; offset < RouteSize; offset += sizeof(ulong))
            _code.Store(BpfSize.Double, R10, Route + offset, 0);
        _code.LoadWord(R1, R6, LinkIndex);
        _code.Store(BpfSize.Word, R10, Route + RouteLink, R1);
        _code.JumpIfNotEqual(R9, 0, six);
        _code.Store(BpfSize.Byte, R10, Route, AF_INET);
        _code.LoadWord(R1, R10, Address4);
        _code.Store(BpfSize.Word, R10, Route + RouteTarget, R1);
        _code.Jump(ask);
        _code.Place(six);
        _code.Store(BpfSize.Byte, R10, Route, AF_INET6);
        for (var offset = 0; offset < 16; offset += sizeof(uint))
        {
            _code.LoadWord(R1, R10, Address6 + offset);
            _code.Store(BpfSize.Word, R10, Route + RouteTarget + offset, R1);
        }
        _code.Place(ask);
        _code.Move(R1, R6);
        _code.Move(R2, R10);
        _code.Add(R2, Route);
        _code.Move(R3, RouteSize);
        _code.Move(R4, 0);
        _code.Call(BpfHelper.FindRoute);
        _code.JumpIfEqual(R0, 0, there);
        _code.JumpIfNotEqual(R0, NoNeighbour, none);
        _code.Place(there);
        _code.LoadWord(R1, R10, Route + RouteLink);
    }

    private void CountPacket()
    {
        _code.LoadWord(R1, R7, TrafficLink.CtidOffset);
        _code.Store(BpfSize.Word, R10, CtidKey, R1);
        Lookup(_maps.Counters.Descriptor.Number, CtidKey);
        _code.JumpIfEqual(R0, 0, _end);
        _code.ShiftLeft(R8, ClassBits);
        _code.Add(R9, R8);
        if (_direction == TrafficDirection.Out)
            _code.Add(R9, DirectionOffset);
        _code.And(R9, CounterMask);
        _code.Add(R0, R9);
        // Nobody else writes this processor's.
        Raise(0, Size);
        Raise(sizeof(ulong), Count);
    }

    private void Raise(int offset, int by)
    {
        _code.Load(R1, R0, offset);
        _code.Load(R2, R10, by);
        _code.Add(R1, R2);
        _code.Store(R0, offset, R1);
    }

    private void LoadHeader(int packetOffset, int slot, int length, BpfLabel failed)
    {
        _code.Move(R2, packetOffset);
        LoadHeader(slot, length, failed);
    }

    // R2 = where, from the network header on.
    private void LoadHeader(int slot, int length, BpfLabel failed)
    {
        _code.Move(R1, R6);
        _code.Move(R3, R10);
        _code.Add(R3, slot);
        _code.Move(R4, length);
        _code.Move(R5, 1);
        _code.Call(BpfHelper.PacketLoadRelative);
        _code.JumpIfNotEqual(R0, 0, failed);
    }

    private void Lookup(int map, int keySlot)
    {
        _code.LoadMap(R1, map);
        _code.Move(R2, R10);
        _code.Add(R2, keySlot);
        _code.Call(BpfHelper.MapLookup);
    }
}

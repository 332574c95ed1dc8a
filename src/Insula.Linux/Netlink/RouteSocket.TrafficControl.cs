using System.Buffers.Binary;
using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

// Traffic control: tc(8), tc-bpf(8).
public sealed partial class RouteSocket
{
    private const ushort ETH_P_ALL = 3;
    private const uint OurPriority = 73;

    /// <summary>Lets a BPF program see what arrives or leaves by a link, as "tc filter add dev ... bpf direct-action" does. One that is there is replaced.</summary>
    internal void AddClassifier(int link, BpfProgram program, bool leaving)
    {
        var discipline = TryExecute(NewClassifierDiscipline(stackalloc byte[RequestSize], link));
        if (discipline.Errno != Errno.EEXIST)
            ThrowIfFailed(discipline, "add the queueing discipline clsact to link number", link.ToString());
        Execute(NewClassifier(stackalloc byte[RequestSize], link, program.Descriptor.Number, program.Name, leaving), "add a BPF filter to link number", link.ToString());
    }

    internal static NetlinkWriter NewClassifierDiscipline(Span<byte> buffer, int link)
    {
        var request = new NetlinkWriter(buffer, NetlinkMessageType.NewQueueDiscipline, NetlinkFlags.Create | NetlinkFlags.Exclusive | NetlinkFlags.Ack);
        request.Append(new TrafficControlHeader { Index = link, Handle = Tca.ClassifierHandle, Parent = Tca.ClassifierParent });
        request.Attribute(Tca.Kind, "clsact");
        return request;
    }

    internal static NetlinkWriter NewClassifier(Span<byte> buffer, int link, int program, string name, bool leaving)
    {
        var request = new NetlinkWriter(buffer, NetlinkMessageType.NewTrafficFilter, NetlinkFlags.Create | NetlinkFlags.Replace | NetlinkFlags.Ack);
        request.Append(new TrafficControlHeader
        {
            Index = link,
            Handle = 1,
            Parent = leaving ? Tca.Leaving : Tca.Arriving,
            Info = (OurPriority << 16) | BinaryPrimitives.ReverseEndianness(ETH_P_ALL),
        });
        request.Attribute(Tca.Kind, "bpf");
        var options = request.BeginNested(Tca.Options);
        request.Attribute(Tca.BpfDescriptor, (uint)program);
        request.Attribute(Tca.BpfName, name);
        request.Attribute(Tca.BpfFlags, Tca.BpfDirectAction);
        request.EndNested(options);
        return request;
    }

    /// <summary>Lets a link send by classes of rates (HTB). Packets go to the class whose number their priority is; others are not held up.</summary>
    public void AddShaping(int link)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.NewQueueDiscipline, NetlinkFlags.Create | NetlinkFlags.Replace | NetlinkFlags.Ack);
        request.Append(new TrafficControlHeader { Index = link, Handle = ShapingClass.Major, Parent = Tca.Root });
        request.Attribute(Tca.Kind, "htb");
        var options = request.BeginNested(Tca.Options);
        request.Structure(Tca.HtbDiscipline, new HierarchicalOptions { Version = 3, RateToQuantum = 10 });
        request.EndNested(options);
        Execute(request, "add the queueing discipline htb to link number", link.ToString());
    }

    /// <summary>Adds a class to a link that has <see cref="AddShaping"/>, or changes it but for its parent.</summary>
    public void SetShapingClass(int link, ShapingClass wanted)
    {
        Execute(NewShapingClass(stackalloc byte[RequestSize], link, wanted), "set the rate of link number", link.ToString());
        if (!wanted.IsLeaf)
            return;
        // Fair among the connections of a container, and short; a kernel without it gets a plain queue.
        var answer = TryExecute(NewLeaf(stackalloc byte[RequestSize], link, wanted, "fq_codel"));
        if (answer.Errno is Errno.ENOENT or Errno.EOPNOTSUPP)
            answer = TryExecute(NewLeaf(stackalloc byte[RequestSize], link, wanted, "bfifo"));
        ThrowIfFailed(answer, "add a queue to link number", link.ToString());
    }

    /// <summary>Deletes a class. False if there is none, or no such link.</summary>
    public bool DeleteShapingClass(int link, uint number)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.DelTrafficClass, NetlinkFlags.Ack);
        request.Append(new TrafficControlHeader { Index = link, Handle = ShapingClass.Major | number });
        var answer = TryExecute(request);
        if (answer.Errno is Errno.ENOENT or Errno.ENODEV or Errno.EINVAL)
            return false;
        ThrowIfFailed(answer, "delete a rate of link number", link.ToString());
        return true;
    }

    internal static NetlinkWriter NewShapingClass(Span<byte> buffer, int link, ShapingClass wanted)
    {
        var request = new NetlinkWriter(buffer, NetlinkMessageType.NewTrafficClass, NetlinkFlags.Create | NetlinkFlags.Replace | NetlinkFlags.Ack);
        request.Append(new TrafficControlHeader { Index = link, Handle = ShapingClass.Major | wanted.Number, Parent = ShapingClass.Major | wanted.Parent });
        request.Attribute(Tca.Kind, "htb");
        var options = request.BeginNested(Tca.Options);
        request.Structure(Tca.HtbClass, wanted.Options);
        request.Attribute(Tca.HtbRate64, wanted.BytesPerSecond);
        request.Attribute(Tca.HtbCeiling64, wanted.CeilingBytesPerSecond);
        request.EndNested(options);
        return request;
    }

    private static NetlinkWriter NewLeaf(Span<byte> buffer, int link, ShapingClass of, string kind)
    {
        var request = new NetlinkWriter(buffer, NetlinkMessageType.NewQueueDiscipline, NetlinkFlags.Create | NetlinkFlags.Replace | NetlinkFlags.Ack);
        request.Append(new TrafficControlHeader { Index = link, Parent = ShapingClass.Major | of.Number });
        request.Attribute(Tca.Kind, kind);
        if (kind == "bfifo")
            request.Attribute(Tca.Options, of.QueueBytes);
        return request;
    }
}

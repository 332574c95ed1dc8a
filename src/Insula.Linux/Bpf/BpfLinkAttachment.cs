using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>
/// Programs that see what arrives and leaves by a network link. They hold for that link, beside others', stay when this process ends, and go with the
/// link.
/// </summary>
public static class BpfLinkAttachment
{
    /// <summary>Attaches a program to a link, of this process's network namespace; one that is there already stays.</summary>
    /// <param name="route">A socket of the same namespace, for kernels before 6.6.</param>
    /// <param name="link">The link's index.</param>
    /// <param name="program">A program of type <see cref="BpfProgramType.LinkPacket"/>.</param>
    /// <param name="leaving">True: for what leaves by the link; false: for what arrives.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Attach(RouteSocket route, int link, BpfProgram program, bool leaving)
    {
        var attributes = new BpfAttachAttributes
        {
            Target = link,
            Program = program.Descriptor.Number,
            AttachType = leaving ? BpfAttachType.LinkEgress : BpfAttachType.LinkIngress,
        };
        var result = BpfCall.Make(BpfCommand.ProgAttach, ref attributes);
        switch (Kernel.ErrnoOf(result))
        {
            case Errno.EEXIST:
                return;
            // No such place to attach to: the older way, a filter of the queueing discipline "clsact".
            case Errno.EINVAL or Errno.EOPNOTSUPP:
                route.AddClassifier(link, program, leaving);
                return;
            default:
                Kernel.Check(result, $"attach the BPF program {program.Name} to link", $"number {link}");
                return;
        }
    }
}

using Insula.Linux.Bpf;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>Puts the programs that count internet sockets on a container's cgroup. They go with the group.</summary>
internal static class InternetSocketAttachment
{
    /// <summary>Attaches them, in the place of those of an earlier start.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Attach(ControlGroup group, AccountId account, BpfMapSet maps, KernelFields fields)
    {
        if (group.World.Unified is not { } unified)
            return;
        using var directory = group.OpenDescriptor()!;
        foreach (var (type, attachType, name, instructions) in Write(account, maps, fields))
        {
            using var program = BpfProgram.Load(type, attachType, name, instructions);
            BpfCgroupAttachment.AttachOrReplace(directory, group.PathIn(unified), attachType, program);
        }
    }

    /// <summary>Only loads them, to see whether the kernel takes them.</summary>
    /// <exception cref="LinuxException">It does not.</exception>
    public static void TryOut(BpfMapSet maps, KernelFields fields)
    {
        foreach (var (type, attachType, name, instructions) in Write(AccountId.Of(0, 0), maps, fields))
            BpfProgram.Load(type, attachType, name, instructions).Dispose();
    }

    private static IEnumerable<(BpfProgramType Type, BpfAttachType AttachType, string Name, BpfInstruction[] Instructions)> Write(
        AccountId account, BpfMapSet maps, KernelFields fields)
    {
        ProgramWriter Writer() => new(ProgramMaps.OfInternetSockets(maps), fields);
        yield return (BpfProgramType.CgroupSocket, BpfAttachType.CgroupSocketCreate, "insula_sockmake", InternetSocketPrograms.Create(Writer(), account));
        yield return (BpfProgramType.CgroupSocket, BpfAttachType.CgroupSocketRelease, "insula_sockfree", InternetSocketPrograms.Release(Writer(), account));
        yield return (
            BpfProgramType.SocketOperations, BpfAttachType.CgroupSocketOperations, "insula_tcpstate", InternetSocketPrograms.Follow(Writer(), account));
        yield return (BpfProgramType.CgroupPacket, BpfAttachType.CgroupIngress, "insula_tcpadmit", InternetSocketPrograms.Admit(Writer(), account));
    }
}

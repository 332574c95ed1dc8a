using Insula.Linux.Bpf;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>Finds out what this kernel takes, by trying it out: programs are attached to maps without names and detached at once.</summary>
internal static class BpfMechanisms
{
    /// <summary>What can be done about a resource here.</summary>
    public static BpfMechanism Find(BeancounterResource resource, KernelFields fields)
    {
        try
        {
            using var maps = BpfMapSet.CreateUnnamed();
            fields.Missing.Clear();
            if (resource == BeancounterResources.TcpSockets)
                return TryInternet(maps, fields);
            if (resource != BeancounterResources.OtherSockets)
                return TryHost(resource, maps, fields);
            // Internet and other sockets make up one resource: it is exact only if both are counted.
            var internet = TryInternet(maps, fields);
            return internet.Exact ? TryHost(resource, maps, fields) : internet;
        }
        catch (LinuxException error)
        {
            return new BpfMechanism(false, error.Message + (error.Hint is { } hint ? $" ({hint})" : ""));
        }
    }

    private static BpfMechanism TryInternet(BpfMapSet maps, KernelFields fields)
    {
        if (CgroupWorld.Detect().Unified is null)
            return new BpfMechanism(false, "no cgroup v2 is mounted");
        InternetSocketAttachment.TryOut(maps, fields);
        return Complete(fields, "cgroup/sock_create");
    }

    private static BpfMechanism TryHost(BeancounterResource resource, BpfMapSet maps, KernelFields fields)
    {
        var programs = HostPrograms.Write(resource, ProgramMaps.Of(maps), fields);
        var decisive = programs.First(program => program.AttachType == BpfAttachType.ModifyReturn);
        var found = Complete(fields, $"fmod_ret/{decisive.Target}");
        if (found.Exact)
            HostProgramSet.Attach(resource, maps, fields).ForEach(link => link.Link.Dispose());
        return found;
    }

    private static BpfMechanism Complete(KernelFields fields, string detail)
        => fields.Missing.Count == 0 ? new BpfMechanism(true, detail) : new BpfMechanism(false, string.Join(", ", fields.Missing.Distinct()));
}

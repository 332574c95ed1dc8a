using Insula.Linux.Bpf;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>All programs that the host's containers share, by the resource they are for.</summary>
internal static class HostPrograms
{
    /// <summary>
    /// Changes whenever a program does: a command of a newer version then puts its own programs in the place of those it finds. A test
    /// compares it with the programs.
    /// </summary>
    public const int Revision = 1;

    /// <summary>The resources that have such programs.</summary>
    public static IReadOnlyList<BeancounterResource> Resources { get; } =
    [
        BeancounterResources.PrivateMemory, BeancounterResources.FileLocks, BeancounterResources.OtherSockets, BeancounterResources.OpenFiles,
    ];

    /// <summary>Writes the programs for a resource.</summary>
    public static IReadOnlyList<HostProgram> Write(BeancounterResource resource, ProgramMaps maps, KernelFields fields)
    {
        if (resource == BeancounterResources.PrivateMemory)
            return [.. MemoryPrograms.Write(maps, fields)];
        if (resource == BeancounterResources.FileLocks)
            return [.. LockPrograms.Write(maps, fields)];
        if (resource == BeancounterResources.OtherSockets)
            return [.. SocketPrograms.Write(maps, fields)];
        return resource == BeancounterResources.OpenFiles
            ? [.. FilePrograms.Write(maps, fields)]
            : throw new ArgumentException($"{resource.Name} has no programs of the host", nameof(resource));
    }

    /// <summary>Gives a program to the kernel.</summary>
    public static BpfProgram Load(HostProgram program, KernelFields fields)
        => BpfProgram.Load(
            new BpfProgramOptions(BpfProgramType.Tracing, program.AttachType, program.Name)
            {
                Function = fields.Target(program.AttachType, program.Target),
                Functions = program.Functions,
            },
            program.Instructions);
}

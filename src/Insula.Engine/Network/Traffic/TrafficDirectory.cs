using Insula.Engine.Host;
using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Traffic;

/// <summary>
/// Where the maps and programs that count traffic have their names: a bpf file system of its own, RUNDIR/traffic. It is there while containers with
/// links run.
/// </summary>
/// <param name="layout">Where the installation has its run directory.</param>
internal sealed class TrafficDirectory(HostLayout layout)
{
    private const UnixFileMode ForRoot = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _mountPoint = System.IO.Path.Combine(layout.RunDirectory, "traffic");

    // Another layout of the maps gets another directory, and leaves running containers to the old one.
    private string Path => $"{_mountPoint}/v{TrafficProgram.Revision}";

    /// <summary>True if it is there.</summary>
    public bool Exists => Directory.Exists(Path);

    /// <summary>True if there is at least a place for it.</summary>
    public bool IsBegun => Directory.Exists(_mountPoint);

    /// <summary>The maps, made if need be.</summary>
    /// <param name="isNew">True if nothing was there before.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public TrafficMaps OpenOrCreate(out bool isNew)
    {
        isNew = !File.Exists(ProgramPath(TrafficDirection.Out));
        Directory.CreateDirectory(_mountPoint, ForRoot);
        if (!BpfFileSystem.IsMounted(_mountPoint))
            BpfFileSystem.Mount(_mountPoint);
        Directory.CreateDirectory(Path, ForRoot);
        return TrafficMaps.OpenOrCreate(Path);
    }

    /// <summary>The maps; null if there are none.</summary>
    public TrafficMaps? TryOpen() => File.Exists(ProgramPath(TrafficDirection.Out)) ? TrafficMaps.OpenOrCreate(Path) : null;

    /// <summary>A program, loaded if it is not yet. The one for what is sent comes last: it says that all is there.</summary>
    public BpfProgram Program(TrafficMaps maps, TrafficDirection direction)
    {
        var path = ProgramPath(direction);
        if (BpfProgram.TryOpen(path, NameOf(direction)) is { } known)
            return known;
        var program = Load(maps, direction);
        BpfPin.Add(program.Descriptor, path);
        return program;
    }

    /// <summary>Gives a program to the kernel.</summary>
    public static BpfProgram Load(TrafficMaps maps, TrafficDirection direction)
        => BpfProgram.Load(BpfProgramType.LinkPacket, default, NameOf(direction), TrafficProgram.Write(maps, direction));

    /// <summary>Takes away all names and with them what only they keep.</summary>
    public void Remove()
    {
        if (!Directory.Exists(_mountPoint))
            return;
        if (BpfFileSystem.IsMounted(_mountPoint))
        {
            // The mount may live on in a namespace that was copied meanwhile; the names must not.
            if (Directory.Exists(Path))
                Directory.Delete(Path, recursive: true);
            BpfFileSystem.Unmount(_mountPoint);
        }
        Directory.Delete(_mountPoint);
    }

    private static string NameOf(TrafficDirection direction) => direction == TrafficDirection.In ? "insula_in" : "insula_out";

    private string ProgramPath(TrafficDirection direction) => $"{Path}/{NameOf(direction)}";
}

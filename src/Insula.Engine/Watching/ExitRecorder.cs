using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Host;
using Insula.Linux.Bpf;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>
/// How containers ended, noted by the kernel itself, so that it is known whoever has reaped them and whether the daemon ran or not. A container's
/// init has another parent than the daemon, and what pidfds and the process connector tell is the code that a process ended with, which after a
/// reboot is 0 or SIGKILL. The names are in a bpf file system RUNDIR/exits.
/// </summary>
/// <param name="layout">Where things are.</param>
internal sealed class ExitRecorder(HostLayout layout)
{
    private const int Places = 4096;
    private const string Revision = "v1";
    private const ulong TickNanoseconds = 10_000_000; // USER_HZ is 100 on the architectures Insula runs on

    private string MountPoint => Path.Combine(layout.RunDirectory, "exits");

    private string MapPath => $"{MountPoint}/{Revision}_exits";

    private string LinkPath => $"{MountPoint}/{Revision}_link";

    /// <summary>True if the kernel notes ends.</summary>
    public bool IsOn => File.Exists(LinkPath);

    /// <summary>Sees to it. What is noted already stays.</summary>
    /// <exception cref="LinuxException">This kernel does not take the program.</exception>
    public void TurnOn()
    {
        if (IsOn)
            return;
        Directory.CreateDirectory(MountPoint);
        if (!BpfFileSystem.IsMounted(MountPoint))
            BpfFileSystem.Mount(MountPoint);
        using var map = BpfMaps.TryOpen<uint, ExitEntry>(MapPath) ?? Create();
        using var program = Load(map);
        using var link = BpfLink.Attach(program);
        BpfPin.Add(link.Descriptor, LinkPath);
    }

    /// <summary>Ends it, and forgets what was noted.</summary>
    public void TurnOff()
    {
        if (!Directory.Exists(MountPoint))
            return;
        if (BpfFileSystem.IsMounted(MountPoint))
        {
            // The mount may live on in a namespace that was copied meanwhile; the names must not.
            File.Delete(LinkPath);
            File.Delete(MapPath);
            BpfFileSystem.Unmount(MountPoint);
        }
        Directory.Delete(MountPoint);
    }

    /// <summary>How a process ended that was the first of its pid namespace; null if it was not noted.</summary>
    /// <param name="pid">Its pid on the host.</param>
    /// <param name="startTime">When it was started, in ticks since boot.</param>
    public ExitStatus? Find(int pid, ulong startTime)
    {
        if (!File.Exists(MapPath))
            return null;
        using var map = BpfMaps.TryOpen<uint, ExitEntry>(MapPath);
        if (map is null || !map.TryGet((uint)pid, out var entry) || entry.Started / TickNanoseconds != startTime)
            return null;
        return new ExitStatus(entry.Reboot != 0 ? entry.Reboot : entry.Status);
    }

    /// <summary>Tries whether this kernel takes the program, by attaching it for a moment. Null if so, else why not.</summary>
    public static string? WhyNot()
    {
        try
        {
            using var map = BpfMaps.Create<uint, ExitEntry>(BpfMapType.RecentHash, "ct_exits_try", 8);
            using var program = Load(map);
            BpfLink.Attach(program).Dispose();
            return null;
        }
        catch (LinuxException error)
        {
            return error.Message;
        }
    }

    private BpfMap<uint, ExitEntry> Create()
    {
        var map = BpfMaps.Create<uint, ExitEntry>(BpfMapType.RecentHash, "ct_exits", Places);
        BpfPin.Add(map.Descriptor, MapPath);
        return map;
    }

    private static BpfProgram Load(BpfMap<uint, ExitEntry> map)
    {
        var fields = KernelFields.OfThisKernel(null);
        var code = ExitProgram.Write(map.Descriptor.Number, fields);
        var target = fields.Target(BpfAttachType.TracePoint, ExitProgram.TracePoint);
        if (fields.Missing.Count > 0)
            throw new LinuxException("note how containers end: find", string.Join(", ", fields.Missing), Errno.ENOENT);
        return BpfProgram.Load(new BpfProgramOptions(BpfProgramType.Tracing, BpfAttachType.TracePoint, "insula_exit") { Function = target }, code);
    }
}

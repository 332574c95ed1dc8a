using Insula.Engine.Containers;
using Insula.Engine.Storage;
using Insula.Linux.Cgroups;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Devices;

/// <summary>
/// RUNDIR/CTID/devices: a small file system of the host with the nodes of a container's devices, owned by the container's root. A
/// container cannot make device nodes, and the host's own nodes belong to the host's root, so these are what it sees in its /dev.
/// </summary>
internal sealed class DeviceDirectory(ContainerContext container)
{
    private readonly string _path = PathOf(container);

    /// <summary>The host's path of a container's device nodes.</summary>
    public static string PathOf(ContainerContext container) => Path.Combine(container.Engine.Runtime.DirectoryOf(container.Ctid), "devices");

    /// <summary>The nodes of the configured devices for the container's own /dev: name, and a detached mount that the caller disposes.</summary>
    public static IReadOnlyList<(string Name, FileDescriptor Node)> OpenNodes(ContainerContext container)
        => [.. HostDevice.ConfiguredNodes(container.Config).Select(device => (device.Name, DetachedMount.Clone(Path.Combine(PathOf(container), device.Name))))];

    /// <summary>Makes nodes; the file system is mounted if it is not yet.</summary>
    public void Create(IReadOnlyList<HostDevice> devices)
    {
        Directory.CreateDirectory(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!RootMount.IsMounted(_path))
        {
            using var tmpfs = FileSystemContext.Open("tmpfs").Set("source", $"insula:{container.Ctid}").Set("mode", "700").Set("size", "64k");
            using var mount = tmpfs.CreateMount(MountAttributes.NoSetUid | MountAttributes.NoExec);
            DetachedMount.Attach(mount, _path);
        }
        foreach (var device in devices)
            CreateNode(device);
    }

    /// <summary>Puts a node into the /dev of a running container.</summary>
    public void Show(PidFd init, string name)
    {
        using var node = DetachedMount.Clone(Path.Combine(_path, name));
        using var plan = new LaunchPlan();
        plan.AddJoinAll(init, CloneFlags.NewUser | CloneFlags.NewMount);
        plan.AddBecome(0, 0);
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
            plan.Add(StepMode.Optional, "create", $"/dev/{name[..slash]}", Syscall.MkDirAt, 0, $"/dev/{name[..slash]}", 0x1ED);
        plan.Add(StepMode.Optional, "create", $"/dev/{name}", Syscall.MkNodAt, 0, $"/dev/{name}", 0x8000 | 0x1B6, 0);
        plan.Add("attach the mount for", $"/dev/{name}", Syscall.MoveMount, node, "", 0, $"/dev/{name}", MountConstants.MoveFromDescriptor);
        LaunchedTask.Run(plan);
    }

    /// <summary>Takes a node out of the /dev of a running container; one that is not there is no error.</summary>
    public static void Hide(PidFd init, string name)
    {
        using var plan = new LaunchPlan();
        plan.AddJoinAll(init, CloneFlags.NewUser | CloneFlags.NewMount);
        plan.AddBecome(0, 0);
        plan.Add(StepMode.Optional, "unmount", $"/dev/{name}", Syscall.Umount2, $"/dev/{name}", MountConstants.UnmountDetach);
        plan.Add(StepMode.Optional, "remove", $"/dev/{name}", Syscall.Unlinkat, 0, $"/dev/{name}", 0);
        LaunchedTask.Run(plan);
    }

    /// <summary>Unmounts the nodes.</summary>
    public static void Remove(ContainerContext container) => RootMount.Unmount(PathOf(container));

    private void CreateNode(HostDevice device)
    {
        var path = Path.Combine(_path, device.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        DeviceNumbers.Create(path, device.Kind == DeviceKind.Block, device.Major, device.Minor, 0x1B6 /* 0666: the cgroup decides */);
        Ownership.Set(path, container.Ids.UidBase, container.Ids.GidBase);
    }
}

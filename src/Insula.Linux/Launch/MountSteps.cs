using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>
/// Mounts in a child, by descriptor: a mount point inside an untrusted root is opened with openat2(2) and cannot lead out of it,
/// and what is mounted is attached to that very descriptor. No path is walked twice.
/// </summary>
public static class MountSteps
{
    /// <summary>A root directory's descriptor in the child, with its path for messages.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="path">A path of the host.</param>
    public static PlanResult AddOpenDirectory(this LaunchPlan plan, string path)
        => plan.Add("open directory", path, Syscall.OpenAt, Files.CurrentDirectory, path, Files.NativeFlags(OpenFlags.Path | OpenFlags.Directory));

    /// <summary>Opens a mount point below <paramref name="root"/> without following any symbolic link.</summary>
    public static PlanResult AddOpenMountPoint(this LaunchPlan plan, PlanArgument root, string path, bool directory, StepMode mode = StepMode.Required)
    {
        var flags = OpenFlags.Path | OpenFlags.NoFollow | (directory ? OpenFlags.Directory : OpenFlags.ReadOnly);
        return plan.Add(
            mode, "open mount point", "/" + path, Syscall.OpenAt2, root, path,
            HowBytes(flags, ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks), 24);
    }

    /// <summary>Makes a file system and attaches it to a mount point.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="type">proc, sysfs, tmpfs, devpts, mqueue, cgroup2.</param>
    /// <param name="mountPoint">From <see cref="AddOpenMountPoint"/>.</param>
    /// <param name="displayPath">Where it is, for messages.</param>
    /// <param name="attributes">Of the mount.</param>
    /// <param name="options">key=value options, set one by one; a key without value is a flag.</param>
    /// <returns>The descriptor of the mount's root: a directory to create entries in.</returns>
    public static PlanResult AddMount(
        this LaunchPlan plan, string type, PlanResult mountPoint, string displayPath, MountAttributes attributes, params (string Key, string? Value)[] options)
    {
        var what = $"mount {type} on";
        var context = plan.Add(what, displayPath, Syscall.FsOpen, type, MountConstants.FsOpenCloseOnExec);
        // The source column of /proc/mounts; without it the kernel shows "none".
        plan.Add(what, displayPath, Syscall.FsConfig, context, MountConstants.ConfigSetString, "source", type, 0);
        foreach (var (key, value) in options)
        {
            if (value == null)
                plan.Add(what, displayPath, Syscall.FsConfig, context, MountConstants.ConfigSetFlag, key, 0, 0);
            else
                plan.Add(what, displayPath, Syscall.FsConfig, context, MountConstants.ConfigSetString, key, value, 0);
        }
        plan.Add(what, displayPath, Syscall.FsConfig, context, MountConstants.ConfigCreate, 0, 0, 0);
        var mount = plan.Add(what, displayPath, Syscall.FsMount, context, MountConstants.FsMountCloseOnExec, (long)attributes);
        plan.AddAttach(mount, mountPoint, displayPath);
        return mount;
    }

    /// <summary>Changes options of a file system that is mounted (fspick(2)), at a path that the child sees.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="path">Where it is mounted; its last component is not followed if it is a symbolic link.</param>
    /// <param name="options">key=value options; what is not named may fall back to the file system's default.</param>
    public static void AddReconfigure(this LaunchPlan plan, string path, params IReadOnlyList<(string Key, string Value)> options)
    {
        const string what = "change options of";
        var context = plan.Add(what, path, Syscall.FsPick, Files.CurrentDirectory, path, MountConstants.FsPickSafely);
        foreach (var (key, value) in options)
            plan.Add($"set {key}={value} on", path, Syscall.FsConfig, context, MountConstants.ConfigSetString, key, value, 0);
        plan.Add(what, path, Syscall.FsConfig, context, MountConstants.ConfigReconfigure, 0, 0, 0);
    }

    /// <summary>move_mount(2) from a detached mount to a mount point, both by descriptor.</summary>
    public static void AddAttach(this LaunchPlan plan, PlanArgument mount, PlanResult mountPoint, string displayPath, StepMode mode = StepMode.Required)
        => plan.Add(mode, "attach the mount for", displayPath, Syscall.MoveMount, mount, "", mountPoint, "", MountConstants.MoveBetweenDescriptors);

    /// <summary>A file of the host seen at an entry of a directory that the plan made itself: a device node in its /dev.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="source">The host's path.</param>
    /// <param name="directory">The descriptor of a directory nobody else can change yet.</param>
    /// <param name="name">The entry's name; created as an empty file.</param>
    public static void AddBindFile(this LaunchPlan plan, string source, PlanResult directory, string name)
    {
        var tree = plan.Add(
            "take a copy of the mount at", source, Syscall.OpenTree, Files.CurrentDirectory, source,
            MountConstants.OpenTreeClone | MountConstants.OpenTreeCloseOnExec);
        plan.AddAttachFile(tree, directory, name);
    }

    /// <summary>A detached mount of a file, attached to an entry of a directory that the plan made itself.</summary>
    public static void AddAttachFile(this LaunchPlan plan, PlanArgument tree, PlanResult directory, string name)
    {
        const int S_IFREG = 0x8000, mode0666 = 0x1B6;
        plan.Add("create", $"/dev/{name}", Syscall.MkNodAt, directory, name, S_IFREG | mode0666, 0);
        plan.Add("attach the mount for", $"/dev/{name}", Syscall.MoveMount, tree, "", directory, name, MountConstants.MoveFromDescriptor);
    }

    // struct open_how as bytes: flags, mode, resolve.
    private static byte[] HowBytes(OpenFlags flags, ResolveFlags resolve)
    {
        var bytes = new byte[24];
        BitConverter.TryWriteBytes(bytes, (ulong)Files.NativeFlags(flags));
        BitConverter.TryWriteBytes(bytes.AsSpan(16), (ulong)resolve);
        return bytes;
    }
}

using Insula.Engine.Quotas;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Isolation;

/// <summary>The file systems that every container has of its own: /proc, /sys, /dev and what is in it, /run.</summary>
internal sealed class SystemMounts
{
    private const MountAttributes Harmless = MountAttributes.NoSetUid | MountAttributes.NoDevices | MountAttributes.NoExec;
    private const int Mode0755 = 0x1ED;

    /// <summary>Files of /proc that tell about or act on the whole host: shown empty. Those that a kernel does not have are passed over.</summary>
    internal static readonly string[] EmptyProcFiles = ["kcore", "keys", "latency_stats", "sched_debug", "timer_list", "timer_stats"];

    /// <summary>Directories of /proc that tell about the hardware: shown empty.</summary>
    internal static readonly string[] EmptyProcDirectories = ["acpi", "asound", "scsi"];

    /// <summary>
    /// Parts of /proc that nobody inside may write. /proc/sys is not among them: the kernel itself lets root of a user namespace write
    /// only the keys of its own namespaces, and gives EACCES for the rest.
    /// </summary>
    internal static readonly string[] ReadOnlyProc = ["bus", "fs", "irq", "sysrq-trigger"];

    /// <summary>The devices every container has.</summary>
    internal static readonly string[] StandardDevices = ["null", "zero", "full", "random", "urandom", "tty"];

    private readonly PlanResult _sys;

    private SystemMounts(PlanResult sys) => _sys = sys;

    /// <summary>What can be mounted before the process is in its cgroups.</summary>
    internal static SystemMounts Add(LaunchPlan plan, PlanArgument root, InitSettings settings)
    {
        var proc = AddProc(plan, root);
        var sys = AddSys(plan, root);
        if (settings.VirtualFiles is { } served)
            VirtualFileMounts.Add(plan, served, proc, sys);
        AddDev(plan, root, settings);
        return new SystemMounts(sys);
    }

    /// <summary>What shows the cgroups, and what takes memory, which is to be the container's.</summary>
    internal void AddPlaced(LaunchPlan plan, PlanArgument root, InitSettings settings)
    {
        if (settings.HasCgroup2)
            plan.AddMount("cgroup2", plan.AddOpenMountPoint(_sys, "fs/cgroup", directory: true), "/sys/fs/cgroup", Harmless);
        AddRun(plan, root, settings);
    }

    private static PlanResult MountPoint(LaunchPlan plan, PlanArgument root, string path)
    {
        // A template may lack an empty directory; one that is there, or a symbolic link in its place, is left as it is.
        plan.Add(StepMode.Optional, "create", "/" + path, Syscall.MkDirAt, root, path, Mode0755);
        return plan.AddOpenMountPoint(root, path, directory: true);
    }

    private static PlanResult AddProc(LaunchPlan plan, PlanArgument root)
    {
        var proc = plan.AddMount("proc", MountPoint(plan, root, "proc"), "/proc", Harmless);
        foreach (var name in EmptyProcFiles)
            AddMaskFile(plan, proc, name);
        foreach (var name in EmptyProcDirectories)
            AddMaskDirectory(plan, proc, name, $"/proc/{name}");
        foreach (var name in ReadOnlyProc)
            AddReadOnly(plan, proc, name);
        return proc;
    }

    private static void AddMaskFile(LaunchPlan plan, PlanResult proc, string name)
    {
        var tree = plan.Add(
            "take a copy of the mount at", "/dev/null", Syscall.OpenTree, Files.CurrentDirectory, "/dev/null",
            MountConstants.OpenTreeClone | MountConstants.OpenTreeCloseOnExec);
        plan.Add(
            StepMode.Optional, "hide", $"/proc/{name}", Syscall.MoveMount, tree, "", proc, name, MountConstants.MoveFromDescriptor);
        plan.Add("close", "the copy", Syscall.Close, tree);
    }

    private static void AddMaskDirectory(LaunchPlan plan, PlanResult parent, string name, string displayPath)
    {
        var context = plan.Add("hide", displayPath, Syscall.FsOpen, "tmpfs", MountConstants.FsOpenCloseOnExec);
        plan.Add("hide", displayPath, Syscall.FsConfig, context, MountConstants.ConfigSetString, "size", "4k", 0);
        plan.Add("hide", displayPath, Syscall.FsConfig, context, MountConstants.ConfigCreate, 0, 0, 0);
        var mount = plan.Add(
            "hide", displayPath, Syscall.FsMount, context, MountConstants.FsMountCloseOnExec, (long)(Harmless | MountAttributes.ReadOnly));
        plan.Add(StepMode.Optional, "hide", displayPath, Syscall.MoveMount, mount, "", parent, name, MountConstants.MoveFromDescriptor);
        plan.Add("close", "the mount", Syscall.Close, mount);
        plan.Add("close", "the file system", Syscall.Close, context);
    }

    private static void AddReadOnly(LaunchPlan plan, PlanResult proc, string name)
    {
        var attributes = new byte[32];
        BitConverter.TryWriteBytes(attributes, (ulong)(MountAttributes.ReadOnly | Harmless));
        var tree = plan.Add(
            StepMode.Optional, "make read-only", $"/proc/{name}", Syscall.OpenTree, proc, name,
            MountConstants.OpenTreeClone | MountConstants.OpenTreeCloseOnExec);
        plan.Add(
            StepMode.Optional, "make read-only", $"/proc/{name}", Syscall.MountSetattr, tree, "", MountConstants.AtEmptyPath, attributes,
            attributes.Length);
        plan.Add(StepMode.Optional, "make read-only", $"/proc/{name}", Syscall.MoveMount, tree, "", proc, name, MountConstants.MoveFromDescriptor);
        plan.Add(StepMode.Optional, "close", "the copy", Syscall.Close, tree);
    }

    private static PlanResult AddSys(LaunchPlan plan, PlanArgument root)
    {
        // Read-only, so that systemd starts no udev inside (ConditionPathIsReadWrite=/sys).
        var sys = plan.AddMount("sysfs", MountPoint(plan, root, "sys"), "/sys", Harmless | MountAttributes.ReadOnly);
        AddMaskDirectory(plan, sys, "firmware", "/sys/firmware");
        return sys;
    }

    private static void AddDev(LaunchPlan plan, PlanArgument root, InitSettings settings)
    {
        var dev = plan.AddMount(
            "tmpfs", MountPoint(plan, root, "dev"), "/dev", MountAttributes.NoSetUid, ("mode", "755"), ("size", "512k"), ("nr_inodes", "1024"));
        foreach (var name in StandardDevices)
            plan.AddBindFile($"/dev/{name}", dev, name);
        foreach (var (name, tree) in settings.DeviceNodes)
            AddDeviceNode(plan, dev, name, tree);
        plan.AddMount(
            "devpts", MountPoint(plan, dev, "pts"), "/dev/pts", MountAttributes.NoSetUid | MountAttributes.NoExec, [.. TerminalOptions.Standard, ("max", $"{settings.MaxTerminals}")]);
        plan.AddMount(
            "tmpfs", MountPoint(plan, dev, "shm"), "/dev/shm", MountAttributes.NoSetUid | MountAttributes.NoDevices, ("mode", "1777"),
            ("size", settings.SharedMemorySize));
        plan.AddMount("mqueue", MountPoint(plan, dev, "mqueue"), "/dev/mqueue", Harmless);
        foreach (var (name, target) in new[]
        {
            ("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"),
        })
            plan.Add("create", $"/dev/{name}", Syscall.Symlinkat, target, dev, name);
        AddConsole(plan, dev, settings.Console);
    }

    private static void AddDeviceNode(LaunchPlan plan, PlanResult dev, string name, FileDescriptor tree)
    {
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
            plan.Add(StepMode.Optional, "create", $"/dev/{name[..slash]}", Syscall.MkDirAt, dev, name[..slash], Mode0755);
        plan.AddAttachFile(tree, dev, name);
    }

    private static void AddConsole(LaunchPlan plan, PlanResult dev, FileDescriptor? console)
    {
        if (console == null)
            plan.AddBindFile("/dev/null", dev, "console");
        else
            plan.AddBindFile($"/proc/self/fd/{console.Number}", dev, "console");
    }

    private static void AddRun(LaunchPlan plan, PlanArgument root, InitSettings settings)
    {
        var run = plan.AddMount(
            "tmpfs", MountPoint(plan, root, "run"), "/run", MountAttributes.NoSetUid | MountAttributes.NoDevices, ("mode", "755"), ("size", "20%"));
        foreach (var directory in new[] { "host", "lock" })
            plan.Add("create", $"/run/{directory}", Syscall.MkDirAt, run, directory, Mode0755);
        // systemd.io/CONTAINER_INTERFACE: who made this container.
        AddFile(plan, run, "host/container-manager", "insula\n");
        if (settings.IsSystemd)
            AddMaskedUnits(plan, run);
        if (settings.VirtualFiles is { } served)
            VirtualFileMounts.AddDirectory(plan, served, run);
        if (settings.Quota is { } quota)
            AddQuota(plan, run, quota);
    }

    private static void AddQuota(LaunchPlan plan, PlanResult run, FileDescriptor quota)
    {
        const string name = QuotaView.Name;
        plan.Add("create", $"/run/{name}", Syscall.MkDirAt, run, name, Mode0755);
        plan.Add("mount", $"/run/{name}", Syscall.MoveMount, quota, "", run, name, MountConstants.MoveFromDescriptor);
    }

    private static void AddMaskedUnits(LaunchPlan plan, PlanResult run)
    {
        foreach (var directory in new[] { "systemd", "systemd/system" })
            plan.Add("create", $"/run/{directory}", Syscall.MkDirAt, run, directory, Mode0755);
        // Units that wait for hardware a container has not: the console is only a terminal once `vzctl console` has been used,
        // and the tty devices do not exist.
        foreach (var unit in RuntimeUnits.Masked)
            plan.Add("mask", unit, Syscall.Symlinkat, "/dev/null", run, $"systemd/system/{unit}");
    }

    private static void AddFile(LaunchPlan plan, PlanResult directory, string name, string content)
    {
        const int mode0644 = 0x1A4;
        var bytes = System.Text.Encoding.UTF8.GetBytes(content);
        var file = plan.Add(
            "create", $"/run/{name}", Syscall.OpenAt, directory, name, Files.NativeFlags(OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive), mode0644);
        plan.Add("write", $"/run/{name}", Syscall.Write, file, bytes, bytes.Length);
        plan.Add("close", $"/run/{name}", Syscall.Close, file);
    }
}

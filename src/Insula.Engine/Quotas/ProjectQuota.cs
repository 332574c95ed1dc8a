using Insula.Engine.Containers;
using Insula.Linux.Quotas;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Quotas;

/// <summary>
/// Project quotas of ext4 and xfs: everything the container writes bears its project id, which is its LOCAL_UID: stored in its
/// configuration, and no two containers share one. statfs(2), and with it df inside, shows the limit.
/// </summary>
/// <param name="container">The container.</param>
public sealed class ProjectQuota(ContainerContext container) : IDiskQuota
{
    /// <summary>The mechanism's name.</summary>
    public const string MechanismName = "project quota";

    // What the kernel gives a file system until somebody sets another (MAX_DQ_TIME of linux/quota.h).
    private const long KernelGrace = 604800;

    private readonly IReadOnlyList<string> _directories = container.Storage.QuotaDirectories(container.StoragePaths);

    /// <inheritdoc/>
    public string Name => MechanismName;

    /// <inheritdoc/>
    public QuotaAbilities Abilities => QuotaAbilities.Space | QuotaAbilities.Inodes | QuotaAbilities.SoftLimits;

    /// <summary>The container's project.</summary>
    public uint Project => container.Ids.UidBase;

    /// <inheritdoc/>
    public void Prepare()
    {
        if (_directories.All(IsComplete))
            return;
        Guard(ExitCode.QuotaInit, () =>
        {
            RequireFree();
            // A directory that bears the id and does not hand it on yet is one that is being worked on: a killed run is finished by the next.
            foreach (var directory in _directories.Where(directory => !IsComplete(directory)))
            {
                using (var top = Open(directory))
                    ProjectId.Set(top, Project, isDirectory: false, directory);
                ProjectTree.Give(directory, Project);
            }
        });
    }

    /// <inheritdoc/>
    public void SetLimits(DiskLimits limits) => Guard(ExitCode.QuotaSetLimit, () =>
    {
        using var file = Open(_directories[0]);
        var control = new QuotaControl(file, _directories[0]);
        var set = limits.WithoutGraceOfNothing();
        control.SetLimits(QuotaKind.Project, Project, new QuotaRecord(0, set.SoftKiB, set.HardKiB, 0, 0, set.SoftInodes, set.HardInodes, 0));
        if (limits.NeedsGrace)
            SetGrace(control, limits);
    });

    /// <inheritdoc/>
    public QuotaState Read()
    {
        var state = default(QuotaState);
        Guard(ExitCode.QuotaUsage, () =>
        {
            using var file = Open(_directories[0]);
            var control = new QuotaControl(file, _directories[0]);
            var record = control.Read(QuotaKind.Project, Project);
            var (space, inodes) = control.ReadGrace(QuotaKind.Project);
            state = QuotaState.Of(record, space, inodes);
        });
        return state;
    }

    /// <inheritdoc/>
    public void Forget()
    {
        // The directories are gone; the one that held the private area is on the same file system.
        var above = Path.GetDirectoryName(container.Private)!;
        using var file = Open(above);
        new QuotaControl(file, above).SetLimits(QuotaKind.Project, Project, default);
    }

    private bool IsComplete(string directory)
    {
        using var file = Open(directory);
        return ProjectId.TryRead(file, out var id, out var inherited) == Errno.None && id == Project && inherited;
    }

    // The id is the container's alone among containers; a project that the administrator made may have it by chance.
    private void RequireFree()
    {
        foreach (var directory in _directories)
        {
            using var top = Open(directory);
            if (ProjectId.TryRead(top, out var id, out _) == Errno.None && id == Project)
                return;
        }
        using var file = Open(_directories[0]);
        if (new QuotaControl(file, _directories[0]).Read(QuotaKind.Project, Project) is { Inodes: > 0 } taken)
        {
            throw new InsulaException(
                ExitCode.QuotaInit,
                $"Project {Project}, the LOCAL_UID of CT {container.Ctid}, is used by {taken.Inodes} files on this file system that are not the container's",
                "give those another project, or the container another LOCAL_UID");
        }
    }

    // The kernel keeps one grace time for all projects of a file system.
    private void SetGrace(QuotaControl control, DiskLimits limits)
    {
        var (space, inodes) = control.ReadGrace(QuotaKind.Project);
        if ((space, inodes) == (limits.SpaceGrace, limits.InodeGrace))
            return;
        control.SetGrace(QuotaKind.Project, limits.SpaceGrace == 0 ? space : limits.SpaceGrace, limits.InodeGrace == 0 ? inodes : limits.InodeGrace);
        if (space != KernelGrace)
        {
            container.Engine.Reporter.Warning(
                $"The grace time of all containers on this file system is now {limits.SpaceGrace} s instead of {space} s: the kernel keeps one for all");
        }
    }

    private static FileDescriptor Open(string directory) => Files.Open(directory, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);

    private void Guard(ExitCode code, Action action)
    {
        try
        {
            action();
        }
        catch (LinuxException error)
        {
            throw new InsulaException(code, $"Disk quota of CT {container.Ctid}: {error.Message}", error.Hint, error);
        }
    }
}

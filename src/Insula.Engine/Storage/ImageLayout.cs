using Insula.Linux.BlockDevices;
using Insula.Linux.FileSystems;
using Insula.Linux.Mounts;
using Insula.Linux.Quotas;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>
/// Layout "image", in the place of OpenVZ's ploop: as layout overlay, but what the container writes is in an ext4 of its own in a sparse
/// file, which bounds its space and inodes on any host. VE_PRIVATE holds layer (the layer's digest), image (the file) and fs/, where its
/// file system is mounted while the container is.
/// </summary>
/// <param name="findLayer">Gives the root directory of a layer by digest; throws if it is not there.</param>
public sealed class ImageLayout(Func<string, string> findLayer) : IStorageLayout
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public string Name => "image";

    /// <summary>The disk image.</summary>
    public static string ImageFile(string privateArea) => Path.Combine(privateArea, "image");

    /// <summary>Where the image's file system is mounted.</summary>
    public static string MountPoint(string privateArea) => Path.Combine(privateArea, "fs");

    /// <summary>An empty directory of it, beside what the container writes, that is there where users have quotas.</summary>
    public static string QuotaDirectory(string privateArea) => Path.Combine(MountPoint(privateArea), "quota");

    /// <summary>True while the image's file system is mounted.</summary>
    public static bool IsMounted(string privateArea) => RootMount.IsMounted(MountPoint(privateArea));

    /// <summary>The loop device that shows the image; null if there is none.</summary>
    public static BlockDevice? DeviceOf(string privateArea)
        => LoopDevice.FindAll(ImageFile(privateArea), new BlockDeviceTable()) is [var device, ..] ? device : null;

    /// <summary>Fills a new, empty private area. Nothing is mounted for it: what the file system is to hold, the first mount makes.</summary>
    /// <param name="privateArea">An existing empty directory.</param>
    /// <param name="digest">The layer, as 64 hexadecimal digits.</param>
    /// <param name="kib">The size of the image, in blocks of 1024 bytes.</param>
    /// <param name="inodes">How many inodes; 0: as many as fit the size.</param>
    /// <exception cref="InsulaException">151: the image cannot be made; 46: the disk is full.</exception>
    public static void Populate(string privateArea, string digest, long kib, long inodes)
    {
        OverlayLayout.WriteNotes(privateArea, digest);
        var file = ImageFile(privateArea);
        using (var image = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            image.SetLength(kib * 1024);
        Ext4Tools.Create(file, inodes);
    }

    /// <summary>
    /// Waits until nobody has the image's file system any more. Unmounted here it lives on for a moment in each mount namespace that was
    /// copied meanwhile; a program that looked at the file then would see half of what is being written.
    /// </summary>
    /// <param name="privateArea">VE_PRIVATE, whose image is not mounted here.</param>
    /// <param name="code">What it is an error of when somebody keeps it.</param>
    /// <exception cref="InsulaException">Somebody keeps it.</exception>
    public static void RequireFree(string privateArea, ExitCode code)
    {
        var file = ImageFile(privateArea);
        for (var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds; LoopDevice.FindAll(file, new BlockDeviceTable()) is [var device, ..]; Thread.Sleep(10))
        {
            if (Environment.TickCount64 > deadline)
                throw new InsulaException(code, $"The file system in {file} is still in use, as /dev/{device.Name}", $"a process has it mounted in a mount namespace of its own; find it with: grep -l /dev/{device.Name} /proc/[0-9]*/mounts");
        }
    }

    /// <inheritdoc/>
    public void Mount(StoragePaths paths, UndoStack undo)
    {
        var digest = OverlayLayout.ReadDigest(paths.Private)
            ?? throw new InsulaException(ExitCode.NoPrivateArea, $"Container private area {paths.Private} does not exist or is not of layout image");
        Unmount(paths.Private, paths.Root);
        RequireFree(paths.Private, ExitCode.MountImage);
        var quota = Repair(paths);
        undo.Push($"unmount the image of {paths.Private}", () => Unmount(paths.Private, paths.Root));
        MountImage(paths, quota, undo);
        var layerRoot = findLayer(digest);
        var point = MountPoint(paths.Private);
        ImageReserve.Release(point);
        if (quota)
            Directory.CreateDirectory(QuotaDirectory(paths.Private));
        OverlayMount.CreateWork(Path.Combine(point, "work"));
        OverlayMount.CreateUpper(Path.Combine(point, "upper"), layerRoot, paths.Ids);
        OverlayMount.Attach(paths, layerRoot, Path.Combine(point, "upper"), Path.Combine(point, "work"));
    }

    /// <inheritdoc/>
    public void Unmount(string privateArea, string root)
    {
        RootMount.Unmount(root);
        if (IsMounted(privateArea))
            RootMount.Unmount(MountPoint(privateArea), ExitCode.UnmountImage);
        // The device goes by itself when the last user of the file system has; one that others attached would keep the file in use.
        foreach (var device in LoopDevice.FindAll(ImageFile(privateArea), new BlockDeviceTable()))
            LoopDevice.Detach(device);
    }

    /// <inheritdoc/>
    public FileDescriptor OpenContainerRoot(StoragePaths paths) => OverlayMount.OpenContainerRoot(paths);

    /// <inheritdoc/>
    public (uint Uid, uint Gid) RootOwner(StoragePaths paths) => (paths.Ids.UidBase, paths.Ids.GidBase);

    /// <inheritdoc/>
    public string DataPath(StoragePaths paths) => IsMounted(paths.Private) ? MountPoint(paths.Private) : paths.Private;

    /// <inheritdoc/>
    public IReadOnlyList<string> QuotaDirectories(StoragePaths paths) => [];

    // What stopped in the middle is checked; quotas are in the image exactly if they are wanted and the kernel can keep them: without
    // them it refuses to write to a file system that has them.
    private static bool Repair(StoragePaths paths)
    {
        var file = ImageFile(paths.Private);
        var state = Ext4FileSystem.TryRead(file) ?? throw new InsulaException(ExitCode.MountImage, $"{file} holds no ext4", "restore it from a backup of the private area");
        if (!state.IsClean)
            Ext4Tools.Check(file, always: false);
        var wanted = paths.UserQuota && QuotaControl.HasFormat;
        if (state.HasQuota != wanted)
            Ext4Tools.SetQuota(file, wanted);
        return wanted;
    }

    private static void MountImage(StoragePaths paths, bool quota, UndoStack undo)
    {
        var file = ImageFile(paths.Private);
        var point = MountPoint(paths.Private);
        Directory.CreateDirectory(point);
        try
        {
            using var loop = LoopDevice.Attach(file);
            undo.Push($"detach {loop.Name}", () => { }); // it goes with its last user: this process, if nothing is mounted
            using var context = FileSystemContext.Open("ext4").Set("source", loop.Node).Set("errors", "remount-ro").SetFlag("discard").SetFlag("noinit_itable");
            if (quota)
                context.SetFlag("usrquota").SetFlag("grpquota");
            using var mount = context.CreateMount(RootMount.HostView);
            DetachedMount.Attach(mount, point);
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.MountImage, $"Unable to mount {file}: {error.Message}", error.Hint, error);
        }
    }
}

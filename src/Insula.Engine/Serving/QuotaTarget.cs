using Insula.Engine.Containers;
using Insula.Engine.Quotas;
using Insula.Engine.Storage;
using Insula.Linux.FileTrees;
using Insula.Linux.Quotas;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>The file system whose quotas a container has: its image. Of others it is told what the kernel says of those without quotas.</summary>
internal sealed class QuotaTarget : IDisposable
{
    private readonly FileDescriptor _point;
    private readonly string _device;
    private readonly ulong _image, _root;

    private QuotaTarget(FileDescriptor point, string display, string device, ulong root)
    {
        _point = point;
        _device = device;
        _image = FileStatus.Of(point, display).Device;
        _root = root;
        Quotas = new QuotaControl(point, display);
    }

    /// <summary>Its quotas.</summary>
    public QuotaControl Quotas { get; }

    /// <summary>Null if the container has no image, or it is not mounted.</summary>
    public static QuotaTarget? TryOpen(ContainerContext container)
    {
        if (!UserQuota.IsOn(container) || ImageLayout.DeviceOf(container.Private) is not { } device)
            return null;
        var path = ImageLayout.MountPoint(container.Private);
        var root = FileStatus.TryGetTarget(container.Root, out var status) == 0 ? status.Device : 0;
        return new QuotaTarget(Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory), path, device.Node, root);
    }

    /// <summary>
    /// Whether a path names the image's device. It is not looked up: that might lead to a file system that a program in the container serves, and answers
    /// when it likes. Programs take it from the table of mounts, as it stands there.
    /// </summary>
    public Errno IsDevice(string? path) => path is null ? Errno.EFAULT : path == _device ? Errno.None : Errno.ENODEV;

    /// <summary>Whether an open file of a thread is on the image, or in the root that the image is seen as.</summary>
    public Errno IsFile(int thread, int number)
    {
        if (number < 0 || FileStatus.TryGetDevice($"/proc/{thread}/fd/{number}", out var device) != 0)
            return Errno.EBADF;
        return device == _image || device == _root ? Errno.None : Errno.ENOSYS;
    }

    /// <inheritdoc/>
    public void Dispose() => _point.Dispose();
}

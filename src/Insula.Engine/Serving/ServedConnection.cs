using Insula.Linux.Fuse;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// What must not be lost while anything is mounted: the kernel's end of the virtual files, and the memory that requests are read into. Both go from
/// process to process.
/// </summary>
/// <param name="Connection">An open /dev/fuse.</param>
/// <param name="Requests">The memory file of <see cref="SharedSlots"/>.</param>
/// <param name="Lock">The daemon's lock file; the lock is held as long as one of its processes has it open.</param>
/// <param name="Listener">The API socket: while one of the processes has it open, connections wait for the worker.</param>
public sealed record ServedConnection(FileDescriptor Connection, FileDescriptor Requests, FileDescriptor Lock, FileDescriptor Listener) : IDisposable
{
    /// <summary>How many requests are answered at the same time.</summary>
    internal const int Threads = 4;

    /// <summary>From descriptors that this process was started with.</summary>
    public static ServedConnection Inherit(DaemonRole role)
    {
        var inherited = new ServedConnection(
            new FileDescriptor(role.Connection), new FileDescriptor(role.Requests), new FileDescriptor(role.Lock), new FileDescriptor(role.Listener));
        inherited.KeepOverExec(false);
        return inherited;
    }

    /// <summary>A new one, mounted.</summary>
    public static ServedConnection Mount(string mountPoint, FileDescriptor held, FileDescriptor listener)
    {
        using var slots = SharedSlots.Create(Threads);
        return new ServedConnection(FuseConnection.Mount(mountPoint, "insula"), slots.File.Duplicate(), held, listener);
    }

    /// <summary>The descriptors, in the order in which processes hand them on.</summary>
    public IReadOnlyList<FileDescriptor> Descriptors => [Connection, Requests, Lock, Listener];

    /// <summary>Whether a program that is executed next has them.</summary>
    public void KeepOverExec(bool keep)
    {
        foreach (var descriptor in Descriptors)
            ProcessImage.KeepOverExec(descriptor, keep);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var descriptor in Descriptors)
            descriptor.Dispose();
    }
}

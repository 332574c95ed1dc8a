using Insula.Linux.Fuse;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// What must not be lost while anything is mounted: the kernel's end of the virtual files, the memory that requests are read into, and what else
/// has a name. All of it goes from process to process.
/// </summary>
/// <param name="descriptors">The descriptors; this object owns them.</param>
public sealed class ServedConnection(NamedDescriptors descriptors) : IDisposable
{
    /// <summary>Names of <see cref="Descriptors"/> that every daemon has.</summary>
    public const string ConnectionName = "connection", RequestsName = "requests", LockName = "lock", ListenerName = "listener";

    /// <summary>What /proc/mounts shows: fuse.insula.</summary>
    internal const string FileSystemName = "insula";

    /// <summary>Its type in the table of mounts.</summary>
    internal const string FileSystemType = "fuse." + FileSystemName;

    /// <summary>All of them by name.</summary>
    public NamedDescriptors Descriptors => descriptors;

    /// <summary>An open /dev/fuse.</summary>
    public FileDescriptor Connection => Get(ConnectionName);

    /// <summary>The memory file of <see cref="SharedSlots"/>.</summary>
    public FileDescriptor Requests => Get(RequestsName);

    /// <summary>The daemon's lock file; the lock is held as long as one of its processes has it open.</summary>
    public FileDescriptor Lock => Get(LockName);

    /// <summary>The API socket: while one of the processes has it open, connections wait for the worker.</summary>
    public FileDescriptor Listener => Get(ListenerName);

    /// <summary>A new one, mounted.</summary>
    public static ServedConnection Mount(string mountPoint, FileDescriptor held, FileDescriptor listener)
    {
        using var slots = SharedSlots.Create();
        return new ServedConnection(Make(FuseConnection.Mount(mountPoint, FileSystemName), slots.File.Duplicate(), held, listener));
    }

    /// <summary>The four that every daemon has.</summary>
    public static NamedDescriptors Make(FileDescriptor connection, FileDescriptor requests, FileDescriptor held, FileDescriptor listener)
    {
        var made = new NamedDescriptors();
        made.Set(ConnectionName, connection);
        made.Set(RequestsName, requests);
        made.Set(LockName, held);
        made.Set(ListenerName, listener);
        return made;
    }

    /// <summary>True if the numbers name all that every daemon has.</summary>
    public static bool AreComplete(IReadOnlyDictionary<string, int> numbers)
        => new[] { ConnectionName, RequestsName, LockName, ListenerName }.All(numbers.ContainsKey);

    /// <inheritdoc/>
    public void Dispose() => descriptors.Dispose();

    private FileDescriptor Get(string name) => descriptors.Find(name) ?? throw new InvalidOperationException($"insulad has no {name}");
}

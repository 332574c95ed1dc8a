using Insula.Linux.Fuse;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// What systemd keeps for us (its descriptor store), so that the files live on when all processes of the daemon are killed at once.
/// </summary>
internal static class KeptDescriptors
{
    // A lock that systemd held would look like a daemon that runs, and nobody would answer at the socket.
    private static readonly string[] NotKept = [ServedConnection.LockName, ServedConnection.ListenerName];

    /// <summary>Gives them to the service manager, if there is one.</summary>
    public static void Keep(NamedDescriptors descriptors)
    {
        foreach (var (name, descriptor) in descriptors.All)
        {
            if (NotKept.Contains(name))
                continue;
            Forget(name);
            ServiceManager.Notify($"FDSTORE=1\nFDNAME={name}", descriptor);
        }
    }

    /// <summary>They are of no use any more.</summary>
    public static void Forget(NamedDescriptors descriptors)
    {
        foreach (var name in descriptors.Names)
            Forget(name);
    }

    /// <summary>This one is of no use any more.</summary>
    public static void Forget(string name) => ServiceManager.Notify($"FDSTOREREMOVE=1\nFDNAME={name}");

    /// <summary>Goes on with what was kept, if the file system is still mounted anywhere; null if not.</summary>
    /// <param name="kept">What the service manager gave.</param>
    /// <param name="held">The daemon's lock.</param>
    /// <param name="listen">Makes the API socket.</param>
    public static ServedConnection? TryUse(IReadOnlyDictionary<string, FileDescriptor> kept, FileDescriptor held, Func<FileDescriptor> listen)
    {
        if (!kept.TryGetValue(ServedConnection.ConnectionName, out var connection) || !kept.TryGetValue(ServedConnection.RequestsName, out var requests)
            || !FuseConnection.IsAlive(connection))
            return null;
        var descriptors = ServedConnection.Make(connection, requests, held, listen());
        foreach (var (name, descriptor) in kept)
        {
            if (descriptors.Find(name) is null)
                descriptors.Set(name, descriptor);
        }
        return new ServedConnection(descriptors);
    }
}

using Insula.Linux.Fuse;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// What systemd keeps for us (its descriptor store), so that the files live on when all processes of the daemon are killed at once. The lock is not
/// among it: a lock that systemd held would look like a daemon that runs.
/// </summary>
internal static class KeptDescriptors
{
    private const string Connection = "connection", Requests = "requests";

    /// <summary>Gives them to the service manager, if there is one.</summary>
    public static void Keep(ServedConnection served)
    {
        Forget();
        ServiceManager.Notify($"FDSTORE=1\nFDNAME={Connection}", served.Connection);
        ServiceManager.Notify($"FDSTORE=1\nFDNAME={Requests}", served.Requests);
    }

    /// <summary>They are of no use any more.</summary>
    public static void Forget()
    {
        ServiceManager.Notify($"FDSTOREREMOVE=1\nFDNAME={Connection}");
        ServiceManager.Notify($"FDSTOREREMOVE=1\nFDNAME={Requests}");
    }

    /// <summary>Goes on with what was kept, if the file system is still mounted anywhere; null if not.</summary>
    /// <param name="kept">What the service manager gave.</param>
    /// <param name="held">The daemon's lock.</param>
    /// <param name="listen">Makes the API socket.</param>
    public static ServedConnection? TryUse(IReadOnlyDictionary<string, FileDescriptor> kept, FileDescriptor held, Func<FileDescriptor> listen)
        => kept.TryGetValue(Connection, out var connection) && kept.TryGetValue(Requests, out var requests) && FuseConnection.IsAlive(connection)
            ? new ServedConnection(connection, requests, held, listen())
            : null;
}

using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;

namespace Insula.Engine.Network;

/// <summary>
/// VEIPDUMPDIR/CTID: the addresses of a running container, divided by blanks, as programs written for OpenVZ read them. Nothing here does: what is in force
/// is in the kernel. So a file that cannot be written is told of and fails nothing.
/// </summary>
internal sealed class AddressFiles(EngineContext engine)
{
    /// <summary>Writes what a container has now; without addresses there is no file.</summary>
    public void Write(Ctid ctid, IReadOnlyList<IpPrefix> addresses)
    {
        if (addresses.Count == 0)
        {
            Remove(ctid);
            return;
        }
        var text = $"{string.Join(' ', addresses.Select(prefix => prefix.Address))}\n";
        Try(ctid, path =>
        {
            Directory.CreateDirectory(engine.Global.AddressDirectory);
            AtomicFile.Replace(path, Encoding.ASCII.GetBytes(text), durable: false);
        });
    }

    /// <summary>Takes the file away. May be repeated.</summary>
    public void Remove(Ctid ctid) => Try(ctid, path =>
    {
        if (File.Exists(path))
            File.Delete(path);
    });

    private void Try(Ctid ctid, Action<string> change)
    {
        var path = Path.Combine(engine.Global.AddressDirectory, ctid.ToString());
        try
        {
            change(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Linux.Syscalls.LinuxException)
        {
            engine.Reporter.Warning($"The addresses of CT {ctid} are not kept in {path}: {error.Message}");
        }
    }
}

using Insula.Engine.Storage;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>
/// Makes a host ready for containers: the directories with their owners and modes, packet forwarding and shared limits. Doing it again
/// changes nothing.
/// </summary>
/// <param name="layout">Where things are to be.</param>
/// <param name="changeSettings">
/// Changes the kernel's settings and tells what it changed, a line each. It lasts until the host restarts, and is done again at each
/// boot.
/// </param>
public sealed class HostPreparation(HostLayout layout, Func<IEnumerable<string>> changeSettings)
{
    /// <summary>Prepares the host.</summary>
    /// <returns>What was changed, a line each; none if all was in place.</returns>
    /// <exception cref="InsulaException">CreateDirectory: something else is where a directory must be, or it cannot be made.</exception>
    public IReadOnlyList<string> Prepare()
    {
        var changes = new List<string>();
        foreach (var directory in HostDirectory.Of(layout))
            Prepare(directory, changes);
        changes.AddRange(changeSettings());
        return changes;
    }

    private static void Prepare(HostDirectory directory, List<string> changes)
    {
        try
        {
            if (!Directory.Exists(directory.Path))
            {
                Create(directory);
                changes.Add($"created {directory.Path} with mode {HostDirectory.Octal(directory.Mode)}");
            }
            Own(directory.Path, changes);
            Tighten(directory, changes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LinuxException)
        {
            throw new InsulaException(ExitCode.CreateDirectory, $"Cannot prepare {directory.Path}: {error.Message}", cause: error);
        }
    }

    // The mode is set once more after the umask has had its say.
    private static void Create(HostDirectory directory)
    {
        Directory.CreateDirectory(directory.Path, directory.Mode);
        File.SetUnixFileMode(directory.Path, directory.Mode);
    }

    private static void Own(string path, List<string> changes)
    {
        using var open = Files.Open(path, OpenFlags.Path | OpenFlags.Directory);
        var owner = FileStatus.Of(open, path).Uid;
        var self = (uint)Kernel.Call(Syscall.GetEuid);
        if (owner == self)
            return;
        Ownership.Set(path, self, uint.MaxValue); // the group stays
        changes.Add($"gave {path} to root (it was user {owner}'s)");
    }

    // An administrator may have closed it further; that stays.
    private static void Tighten(HostDirectory directory, List<string> changes)
    {
        var mode = File.GetUnixFileMode(directory.Path);
        var safe = mode & directory.Mode;
        if (safe == mode)
            return;
        File.SetUnixFileMode(directory.Path, safe);
        changes.Add($"changed the mode of {directory.Path} from {HostDirectory.Octal(mode)} to {HostDirectory.Octal(safe)}");
    }
}

using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>The kernel's settings.</summary>
/// <param name="directory">/proc/sys, or a stand-in.</param>
public sealed class SysctlTree(string directory = "/proc/sys")
{
    /// <summary>A setting; null if it does not exist (or its link has just gone).</summary>
    /// <param name="path">Below the directory: <c>net/ipv4/ip_forward</c>.</param>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, path)).Trim();
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The names of the settings' groups below a path: the links in <c>net/ipv6/conf</c>. None if there is no such path.</summary>
    public IEnumerable<string> Groups(string path)
    {
        var whole = Path.Combine(directory, path);
        return Directory.Exists(whole) ? Directory.EnumerateDirectories(whole).Select(group => Path.GetFileName(group)) : [];
    }

    /// <summary>Changes a setting that exists and has another value, and adds that to <paramref name="changes"/>.</summary>
    /// <exception cref="LinuxException">It cannot be written.</exception>
    public void Set(string path, string wanted, string reason, List<SysctlChange> changes)
    {
        var before = Read(path);
        if (before is null || before == wanted)
            return;
        Write(path, wanted, reason);
        changes.Add(new SysctlChange(path, before, wanted));
    }

    /// <summary>Takes changes back, last first. A setting that has gone with its link is passed over.</summary>
    /// <exception cref="LinuxException">One cannot be written.</exception>
    public void Restore(IReadOnlyList<SysctlChange> changes)
    {
        for (var i = changes.Count - 1; i >= 0; i--)
        {
            if (Read(changes[i].Path) is not null)
                Write(changes[i].Path, changes[i].Before, "the setting was to be as it had been");
        }
    }

    private void Write(string path, string value, string reason)
    {
        var file = Path.Combine(directory, path);
        var error = Files.TryWriteValue(file, value);
        if (error != Errno.None)
            throw new LinuxException("write", file, error, reason);
    }
}

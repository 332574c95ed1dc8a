using Insula.Engine.Host;

namespace Insula.Engine.Containers;

/// <summary>names/NAME: symbolic links to configurations, <c>web -> /etc/vz/conf/101.conf</c>.</summary>
/// <param name="layout">Where the directory is.</param>
internal sealed class ContainerNames(HostLayout layout)
{
    /// <summary>The container that a name's link leads to, or null.</summary>
    public Ctid? TargetOf(string name)
    {
        try
        {
            var target = new FileInfo(PathOf(name)).LinkTarget;
            var file = Path.GetFileName(target);
            return file is not null && file.EndsWith(".conf", StringComparison.Ordinal) && Ctid.TryParse(file.AsSpan(0, file.Length - 5), out var ctid)
                ? ctid
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InsulaException(ExitCode.SystemError, $"Cannot read {PathOf(name)}: {error.Message}", cause: error);
        }
    }

    /// <summary>True when the link leads to this container.</summary>
    public bool IsOf(string name, Ctid ctid) => TargetOf(name) == ctid;

    /// <summary>Makes a name lead to a configuration, in the place of what it led to; at any instant it leads to one of them.</summary>
    /// <exception cref="InsulaException">It could not be made (131).</exception>
    public void Link(string name, string configPath)
    {
        // No name holds a "#", so this is nobody's link.
        var temporary = PathOf($"#{Environment.ProcessId}.tmp");
        try
        {
            Directory.CreateDirectory(layout.NamesDirectory);
            File.Delete(temporary);
            File.CreateSymbolicLink(temporary, configPath);
            File.Move(temporary, PathOf(name), overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InsulaException(ExitCode.SetName, $"Cannot name the container {name}: {error.Message}", cause: error);
        }
    }

    /// <summary>Removes a name.</summary>
    public void Unlink(string name) => File.Delete(PathOf(name));

    private string PathOf(string name) => Path.Combine(layout.NamesDirectory, name);
}

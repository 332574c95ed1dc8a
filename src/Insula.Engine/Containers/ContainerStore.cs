using Insula.Engine.Configuration;
using Insula.Engine.Host;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers;

/// <summary>
/// The containers that are configured on this host: conf/CTID.conf, and names/NAME, a symbolic link to it. Whoever changes a
/// container holds its <see cref="ContainerLock"/>; reading needs no lock, since files are replaced whole.
/// </summary>
public sealed class ContainerStore
{
    private const string ConfigSuffix = ".conf";

    /// <summary>The action scripts that a container may have beside its configuration (vzctl(8)).</summary>
    public static IReadOnlyList<string> ActionScripts { get; } = ["premount", "mount", "start", "stop", "umount", "postumount"];

    private readonly ContainerNames _names;

    /// <param name="global">vz.conf: where the files are, and defaults for all containers.</param>
    public ContainerStore(GlobalConfig global)
    {
        Global = global;
        _names = new ContainerNames(Layout);
    }

    /// <summary>vz.conf.</summary>
    public GlobalConfig Global { get; }

    /// <summary>Where things are.</summary>
    public HostLayout Layout => Global.Layout;

    /// <summary>conf/CTID.conf.</summary>
    public string ConfigPath(Ctid ctid) => Path.Combine(Layout.ContainerConfigDirectory, $"{ctid}{ConfigSuffix}");

    /// <summary>The container whose configuration a path leads to; null for any other file.</summary>
    public Ctid? OwnerOf(string path)
    {
        var full = Path.GetFullPath(path);
        var name = Path.GetFileName(full.AsSpan());
        return name.EndsWith(ConfigSuffix) && Ctid.TryParse(name[..^ConfigSuffix.Length], out var ctid) && full == Path.GetFullPath(ConfigPath(ctid))
            ? ctid
            : null;
    }

    /// <summary>conf/CTID.mount and the like.</summary>
    /// <param name="ctid">The container.</param>
    /// <param name="action">One of <see cref="ActionScripts"/>.</param>
    public string ActionScriptPath(Ctid ctid, string action) => Path.Combine(Layout.ContainerConfigDirectory, $"{ctid}.{action}");

    /// <summary>conf/ve-NAME.conf-sample.</summary>
    public string SamplePath(string name) => Path.Combine(Layout.ContainerConfigDirectory, $"ve-{name}.conf-sample");

    /// <summary>Every configured container, in ascending order. The host's own 0.conf is none.</summary>
    public IReadOnlyList<Ctid> List()
    {
        var found = new List<Ctid>();
        if (!Directory.Exists(Layout.ContainerConfigDirectory))
            return found;
        foreach (var path in Directory.EnumerateFiles(Layout.ContainerConfigDirectory))
        {
            var name = Path.GetFileName(path.AsSpan());
            if (name.EndsWith(ConfigSuffix) && Ctid.TryParse(name[..^ConfigSuffix.Length], out var ctid) && !ctid.IsHost)
                found.Add(ctid);
        }
        found.Sort();
        return found;
    }

    /// <summary>True when the container has a configuration.</summary>
    public bool Exists(Ctid ctid) => File.Exists(ConfigPath(ctid));

    /// <summary>Reads a container's configuration.</summary>
    /// <exception cref="InsulaException">There is none (14), or it is no configuration (85).</exception>
    public ContainerConfig Load(Ctid ctid)
        => TryLoad(ctid) ?? throw new InsulaException(ExitCode.NoContainerConfig, $"Container config file does not exist: {ConfigPath(ctid)}");

    /// <summary>Reads a container's configuration; null when there is none.</summary>
    /// <exception cref="InsulaException">It cannot be read (3), or is no configuration (85).</exception>
    public ContainerConfig? TryLoad(Ctid ctid)
    {
        try
        {
            return ConfigFile.TryLoad(ConfigPath(ctid)) is { } file ? new ContainerConfig(ctid, file, Global.File) : null;
        }
        catch (LinuxException error)
        {
            var denied = error.Errno is Errno.EACCES or Errno.EPERM;
            throw new InsulaException(denied ? ExitCode.NoPermission : ExitCode.SystemError, error.Message, cause: error);
        }
    }

    /// <summary>An empty configuration for a container that has none: create without a sample, and <c>set</c> on an unknown CTID.</summary>
    public ContainerConfig CreateEmpty(Ctid ctid) => new(ctid, new ConfigFile(ConfigPath(ctid)), Global.File);

    /// <summary>A configuration for a new container from a sample; not saved yet.</summary>
    /// <exception cref="InsulaException">There is no such sample (82), or its name is none (21).</exception>
    public ContainerConfig CreateFromSample(Ctid ctid, string sample)
    {
        GeneralParameters.OriginSample.TypedKind.Parse("the sample's name", sample, Parameters.ParseContext.Default);
        try
        {
            var file = ConfigFile.Load(SamplePath(sample)).CopyTo(ConfigPath(ctid));
            var config = new ContainerConfig(ctid, file, Global.File);
            config.Set(GeneralParameters.OriginSample, sample);
            return config;
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.CopyConfig, $"The sample {sample} cannot be read: {error.Message}", cause: error);
        }
    }

    /// <summary>
    /// Writes a container's configuration and keeps its name's link in step with NAME. A name that another container has is
    /// refused before anything is written.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="held">The allocation lock, when the caller holds it; it is taken here only when the name changes.</param>
    /// <exception cref="InsulaException">Not saved (139), name taken (131), no permission (12).</exception>
    public void Save(ContainerConfig config, AllocationLock? held = null)
    {
        var name = config.TryPeek(GeneralParameters.Name, out var text) ? text : null;
        var old = TryLoad(config.Ctid) is { } saved && saved.TryPeek(GeneralParameters.Name, out var before) ? before : null;
        if (name == old && (name is null || _names.IsOf(name, config.Ctid)))
        {
            config.File.Save(ConfigPath(config.Ctid));
            return;
        }
        using var own = held is null ? AllocationLock.Take(Layout, "naming") : null;
        // Link first: killed after it, the name leads to a container of another NAME, which counts as not taken.
        if (name is not null && IsUsable(name, config.Ctid, mustBe: name != old))
            _names.Link(name, ConfigPath(config.Ctid));
        config.File.Save(ConfigPath(config.Ctid));
        if (old is not null && old != name && _names.IsOf(old, config.Ctid))
            _names.Unlink(old);
    }

    /// <summary>The container that a number or a name means; the number need not be configured.</summary>
    /// <exception cref="InsulaException">Neither a number nor a known name (21).</exception>
    public Ctid Find(string text)
    {
        if (Ctid.TryParse(text, out var ctid))
            return ctid;
        if (ContainerName.TryParse(text, out _) is not null || _names.TargetOf(text) is not { } target)
            throw new InsulaException(ExitCode.BadValue, $"Bad CT ID {Shown(text)}");
        return HasName(target, text)
            ? target
            : throw new InsulaException(ExitCode.BadValue, $"Unable to find container by name {text}");
    }

    /// <summary>
    /// Takes a container out of the configuration: CTID.conf becomes CTID.conf.destroyed, action scripts likewise, the link of
    /// its name goes. Doing it again does no harm.
    /// </summary>
    /// <exception cref="InsulaException">The files cannot be renamed (3).</exception>
    public void Destroy(Ctid ctid)
    {
        var name = TryLoadForDestroy(ctid) is { } config && config.TryPeek(GeneralParameters.Name, out var text) ? text : null;
        try
        {
            if (name is not null && _names.IsOf(name, ctid))
                _names.Unlink(name);
            foreach (var action in ActionScripts)
                SetAside(ActionScriptPath(ctid, action));
            SetAside(ConfigPath(ctid));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InsulaException(ExitCode.SystemError, $"Cannot remove the configuration of CT {ctid}: {error.Message}", cause: error);
        }
    }

    private static void SetAside(string path)
    {
        if (File.Exists(path))
            File.Move(path, path + ".destroyed", overwrite: true);
    }

    private static string Shown(string text) => Parameters.ValueKind.Quote(text)[1..^1];

    /// <summary>Destroying must work on a configuration that cannot be read any more.</summary>
    private ContainerConfig? TryLoadForDestroy(Ctid ctid)
    {
        try
        {
            return TryLoad(ctid);
        }
        catch (InsulaException)
        {
            return null;
        }
    }

    private bool HasName(Ctid ctid, string name)
        => TryLoad(ctid) is { } config && config.TryPeek(GeneralParameters.Name, out var own) && own == name;

    /// <summary>False for a name whose link leads to another container that really has it.</summary>
    private bool IsUsable(string name, Ctid ctid, bool mustBe)
    {
        if (_names.TargetOf(name) is not { } owner || owner == ctid || !HasName(owner, name))
            return true;
        // A configuration that was copied by hand with its NAME can still be saved; the name stays the other's.
        return mustBe ? throw new InsulaException(ExitCode.SetName, $"The name {name} is taken by CT {owner}") : false;
    }
}

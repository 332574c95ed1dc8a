namespace Insula.Engine.Host;

/// <summary>A directory that Insula needs on its host.</summary>
/// <param name="Path">Where.</param>
/// <param name="Mode">The most that its permission bits may allow.</param>
public readonly record struct HostDirectory(string Path, UnixFileMode Mode)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Public = Passable | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>
    /// All of a layout, parents first. Private areas and layers hold files of containers with set-id bits: no user of the host may
    /// come near them. The run directory is passed through by processes that have become a container's root.
    /// </summary>
    public static IReadOnlyList<HostDirectory> Of(HostLayout layout) =>
    [
        new(layout.ConfigDirectory, Public),
        new(layout.ContainerConfigDirectory, Public),
        new(layout.NamesDirectory, Public),
        new(Parent(layout.TemplateDirectory), Public),
        new(Parent(layout.PrivatePattern), Private),
        new(Parent(layout.RootPattern), Public),
        new(layout.TemplateDirectory, Public),
        new(layout.TemplateCacheDirectory, Public),
        new(layout.LayersDirectory, Private),
        new(layout.LockDirectory, Public),
        new(System.IO.Path.Combine(Parent(layout.TemplateDirectory), "dump"), Private),
        new(layout.RunDirectory, Passable),
    ];

    /// <summary>What is wrong with it as it is; null if nothing.</summary>
    public string? Problem()
    {
        if (!Directory.Exists(Path))
            return File.Exists(Path) ? "is not a directory" : "does not exist";
        var mode = File.GetUnixFileMode(Path);
        return (mode & ~Mode) == 0 ? null : $"has mode {Octal(mode)}, at most {Octal(Mode)} is safe";
    }

    /// <summary>A mode as chmod(1) takes it: 0755.</summary>
    internal static string Octal(UnixFileMode mode) => $"0{Convert.ToString((int)mode, 8)}";

    // The directory that holds VE_PRIVATE of all containers: what stands before the first component with a variable.
    private static string Parent(string path)
    {
        var variable = path.IndexOf('$', StringComparison.Ordinal);
        var whole = variable < 0 ? path.TrimEnd('/') : path[..variable];
        return System.IO.Path.GetDirectoryName(whole) ?? "/";
    }
}

namespace Insula.Engine.Distributions.Networks;

/// <summary>Files that are ours as a whole, known by how their names begin and end.</summary>
/// <param name="directory">Where they are.</param>
/// <param name="stem">How their names begin.</param>
/// <param name="ending">How their names end.</param>
/// <param name="mode">Permission bits of a new one.</param>
internal sealed class OwnFiles(string directory, string stem, string ending, int mode = ContainerFiles.PublicMode)
{
    /// <summary>The path of the file for an interface.</summary>
    public string PathOf(string name) => $"{directory}/{stem}{name}{ending}";

    /// <summary>Has exactly these: writes what differs, removes the others.</summary>
    /// <param name="files">The container's files.</param>
    /// <param name="wanted">Text by name of interface.</param>
    public bool Sync(ContainerFiles files, IReadOnlyDictionary<string, string> wanted)
    {
        var changed = false;
        foreach (var name in Names(files))
        {
            if (!wanted.ContainsKey(name))
                changed |= files.Remove(PathOf(name));
        }
        foreach (var (name, text) in wanted)
            changed |= files.Write(PathOf(name), text, mode);
        return changed;
    }

    /// <summary>The interfaces that there are files for.</summary>
    public IEnumerable<string> Names(ContainerFiles files)
    {
        foreach (var name in files.List(directory))
        {
            if (name.Length > stem.Length + ending.Length && name.StartsWith(stem, StringComparison.Ordinal) && name.EndsWith(ending, StringComparison.Ordinal))
                yield return name[stem.Length..^ending.Length];
        }
    }
}

namespace Insula.Engine.Distributions.Networks;

/// <summary>
/// Files of one interface each, read as shell assignments of which the last counts: <c>ifcfg-eth0</c>. Ours is a marked block at the end, which
/// so has its way over what the container's owner wrote without taking it from him.
/// </summary>
/// <param name="directory">Where they are.</param>
/// <param name="stem">How their names begin.</param>
internal sealed class BlockFiles(string directory, string stem)
{
    /// <summary>Has our block in exactly these files. A file that held nothing else goes with it.</summary>
    /// <param name="files">The container's files.</param>
    /// <param name="wanted">The lines of the block by name of interface.</param>
    public bool Sync(ContainerFiles files, IReadOnlyDictionary<string, List<string>> wanted)
    {
        var changed = false;
        foreach (var file in files.List(directory))
        {
            if (file.StartsWith(stem, StringComparison.Ordinal) && !file.EndsWith('~') && !wanted.ContainsKey(file[stem.Length..]))
                changed |= TakeOut(files, $"{directory}/{file}");
        }
        foreach (var (name, lines) in wanted)
        {
            var path = $"{directory}/{stem}{name}";
            changed |= files.Write(path, MarkedBlock.AtEnd(files.Read(path) ?? "", lines));
        }
        return changed;
    }

    private static bool TakeOut(ContainerFiles files, string path)
    {
        if (!files.IsRegular(path) || files.Read(path) is not { } text || !text.Contains(MarkedBlock.Begin, StringComparison.Ordinal))
            return false;
        var rest = MarkedBlock.Replace(text, []);
        return rest.Length == 0 ? files.Remove(path) : files.Write(path, rest);
    }
}

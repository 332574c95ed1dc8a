using Insula.Engine.Configuration;

namespace Insula.Engine.Beancounters;

/// <summary>Beancounters as an earlier look left them, so that a later one can show what has changed: a file in a directory.</summary>
/// <param name="directory">Where; made when something is saved, for its owner alone.</param>
/// <param name="name">What was of interest: "failcnt" or "held".</param>
public sealed class SavedBeancounters(string directory, string name)
{
    private string FileName => Path.Combine(directory, $"ubc.{name}");

    /// <summary>What was saved; nothing if nothing was.</summary>
    /// <exception cref="InsulaException">The file is none of ours (21).</exception>
    public IReadOnlyList<Beancounter> Load() => File.Exists(FileName) ? BeancounterFileParser.Parse(File.ReadAllText(FileName), FileName) : [];

    /// <summary>Saves. Beancounters that were saved earlier and are not among these stay.</summary>
    /// <exception cref="InsulaException">It could not be written (139).</exception>
    public void Save(IReadOnlyList<Beancounter> beancounters)
    {
        if (!Directory.Exists(directory))
            Directory.CreateDirectory(directory, (UnixFileMode)0x1C0); // 0700
        // A directory that others may write to could hold a link to a file of the host.
        if (new FileInfo(FileName).LinkTarget is not null)
            throw new InsulaException(ExitCode.SaveConfig, $"{FileName} is a symbolic link; not followed");
        var others = Load().Where(old => beancounters.All(now => now.Ctid != old.Ctid));
        AtomicFile.Replace(FileName, System.Text.Encoding.UTF8.GetBytes(BeancounterFile.Resources([.. others, .. beancounters])), durable: false);
    }

    /// <summary>Forgets.</summary>
    public void Clear()
    {
        if (Directory.Exists(directory))
            File.Delete(FileName);
    }
}

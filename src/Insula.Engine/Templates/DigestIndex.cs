using System.Globalization;
using Insula.Linux.FileTrees;

namespace Insula.Engine.Templates;

/// <summary>
/// Remembers the digests of archives so that an unchanged file is not read again: one small file per archive,
/// TEMPLATE/layers/digests/NAME.tar.zst, with a line <c>digest size inode device mtime ctime</c>. A file counts as unchanged only
/// if all of these are what they were; ctime cannot be set back by a user program.
/// </summary>
internal sealed class DigestIndex(string directory)
{
    /// <summary>The digest recorded for an archive, if the file has not changed since.</summary>
    public LayerDigest? Find(string archivePath, FileStatus status)
    {
        var fields = Read(archivePath);
        return fields is not null && fields.AsSpan(1).SequenceEqual(Fingerprint(status)) ? Digest(fields) : null;
    }

    /// <summary>The digest recorded for an archive of that name, whether or not the file has changed since.</summary>
    public LayerDigest? FindRecorded(string archivePath) => Read(archivePath) is { } fields ? Digest(fields) : null;

    /// <summary>Records an archive's digest.</summary>
    public void Record(string archivePath, FileStatus status, LayerDigest digest)
    {
        Directory.CreateDirectory(directory);
        var target = PathOf(archivePath);
        // Two threads of a process may record the same archive at once.
        var temporary = $"{target}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        File.WriteAllText(temporary, string.Join(' ', [digest.ToString(), .. Fingerprint(status)]) + "\n");
        File.Move(temporary, target, overwrite: true);
    }

    /// <summary>Forgets an archive; nothing happens if none was ever recorded.</summary>
    public void Remove(string archivePath)
    {
        if (Directory.Exists(directory))
            File.Delete(PathOf(archivePath));
    }

    private string PathOf(string archivePath) => Path.Combine(directory, Path.GetFileName(archivePath));

    private string[]? Read(string archivePath)
    {
        var path = PathOf(archivePath);
        if (!File.Exists(path))
            return null;
        var fields = File.ReadAllText(path).Trim().Split(' ');
        return fields.Length == 6 ? fields : null;
    }

    private static LayerDigest? Digest(string[] fields) => LayerDigest.TryParse(fields[0], out var digest) ? digest : null;

    private static string[] Fingerprint(FileStatus status) =>
    [
        status.Size.ToString(CultureInfo.InvariantCulture),
        status.Inode.ToString(CultureInfo.InvariantCulture),
        status.Device.ToString("x", CultureInfo.InvariantCulture),
        status.Modified.ToString(),
        status.Changed.ToString(),
    ];
}

using System.IO.Compression;
using Insula.Engine.Digests;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Insula.Engine.Templates.Compression;

/// <summary>
/// An archive file opened once: its digest and its decompressed content both come from the same open file, so that a file
/// replaced meanwhile changes neither.
/// </summary>
public sealed class ArchiveSource : IDisposable
{
    private readonly FileStream _file;

    private ArchiveSource(FileStream file, string path, FileStatus status, ArchiveCompression compression)
    {
        _file = file;
        Path = path;
        Status = status;
        Compression = compression;
    }

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    /// <summary>The file's attributes when it was opened.</summary>
    public FileStatus Status { get; }

    /// <summary>How it is compressed.</summary>
    public ArchiveCompression Compression { get; }

    /// <summary>Opens a regular file.</summary>
    /// <exception cref="InsulaException">It is something else (47).</exception>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public static ArchiveSource Open(string path)
    {
        // O_NONBLOCK: opening a named pipe must not wait for a writer.
        var descriptor = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal);
        var status = FileStatus.Of(descriptor, path);
        if (status.Kind != FileKind.Regular)
        {
            descriptor.Dispose();
            throw new InsulaException(ExitCode.BadTemplate, $"{path} is not a regular file");
        }

        var file = new FileStream(new SafeFileHandle(descriptor.Number, ownsHandle: true), FileAccess.Read, bufferSize: 0);
        descriptor.SetHandleAsInvalid();
        Span<byte> magic = stackalloc byte[ArchiveCompressions.MagicLength];
        var length = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        return new ArchiveSource(file, path, status, ArchiveCompressions.Detect(magic[..length]));
    }

    /// <summary>SHA-256 of the file as it is, compressed.</summary>
    /// <param name="progress">Told the bytes read so far.</param>
    public LayerDigest ComputeDigest(Action<long>? progress = null)
    {
        _file.Position = 0;
        var hash = new Sha256();
        var buffer = new byte[1 << 20];
        long done = 0;
        int count;
        while ((count = _file.Read(buffer)) > 0)
        {
            hash.Append(buffer.AsSpan(0, count));
            progress?.Invoke(done += count);
        }

        return LayerDigest.FromHash(hash.FinishAndReset());
    }

    /// <summary>
    /// The decompressed content from its start. Dispose it before asking for another. A damaged archive shows as
    /// <see cref="ArchiveException"/> while reading.
    /// </summary>
    /// <param name="progress">Told the bytes of the file read so far.</param>
    public Stream OpenContent(Action<long>? progress = null)
    {
        _file.Position = 0;
        var input = new MeteredStream(_file, progress);
        return Compression switch
        {
            ArchiveCompression.None => input,
            ArchiveCompression.Gzip => new CheckedGzipStream(new GZipStream(input, CompressionMode.Decompress, leaveOpen: true)),
            // A dictionary above 1 GiB is made to exhaust memory, not to save space.
            ArchiveCompression.Xz => new ProgramFilter(input, "xz", "xz-utils", "--decompress", "--stdout", "--memlimit-decompress=1GiB"),
            ArchiveCompression.Zstd => new ProgramFilter(input, "zstd", "zstd", "--decompress", "--stdout", "--quiet"),
            _ => new ProgramFilter(input, "bzip2", "bzip2", "--decompress", "--stdout"),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

using Insula.Engine.Templates.Tar;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates.Extraction;

/// <summary>
/// Writes a file's data and leaves holes where it is zero, within the limits on bytes and on disk space, and computes its digest
/// on the way.
/// </summary>
internal sealed class FileWriter(ExtractionOptions options, ExtractionSummary summary)
{
    private const long SpaceCheckInterval = 16 << 20;

    private readonly byte[] _buffer = new byte[1 << 17];
    private readonly ContentDigest _digest = new();
    private long _nextSpaceCheck;

    /// <summary>Copies the current entry's data from <paramref name="reader"/>.</summary>
    /// <returns>The content digest.</returns>
    public byte[] Write(FileDescriptor file, TarReader reader, TarEntry entry, string display)
    {
        if (entry.Size > options.Limits.MaxFileSize)
            throw new ArchiveException($"it claims a size of {entry.Size} bytes; at most {options.Limits.MaxFileSize} are accepted");
        if (entry.StoredSize > options.Limits.MaxBytes - summary.Bytes)
            throw new ArchiveException($"with it the archive holds more than {options.Limits.MaxBytes} bytes");
        var last = 0L;
        foreach (var segment in entry.Segments ?? [new DataSegment(0, entry.StoredSize)])
            last = Math.Max(last, Copy(file, reader, segment, entry.Segments is null, display));
        if (last < entry.Size)
            Check(Kernel.ErrnoOf(FileData.TrySetSize(file, entry.Size)), display);
        // The segments of a sparse file need not end at block boundaries, so its blocks are taken from the file.
        return entry.Segments is null ? _digest.Finish(entry.Size) : _digest.OfFile(file, _buffer, display);
    }

    // Returns where the data ends that is not zero.
    private long Copy(FileDescriptor file, TarReader reader, DataSegment segment, bool addToDigest, string display)
    {
        var (position, left, end) = (segment.Offset, segment.Length, 0L);
        while (left > 0)
        {
            var chunk = Fill(reader, (int)Math.Min(left, _buffer.Length));
            int at = 0, length;
            while ((at = ContentDigest.NextRun(chunk, at, out length)) >= 0)
            {
                var run = chunk.Slice(at, length);
                CountBytes(length);
                Check(FileData.TryWriteAt(file, run, position + at), display);
                if (addToDigest)
                    _digest.Append(position + at, run);
                at += length;
                end = position + at;
            }

            position += chunk.Length;
            left -= chunk.Length;
        }

        return end;
    }

    private Span<byte> Fill(TarReader reader, int count)
    {
        var filled = 0;
        while (filled < count)
            filled += reader.ReadData(_buffer.AsSpan(filled, count - filled));
        return _buffer.AsSpan(0, count);
    }

    private void CountBytes(long count)
    {
        summary.Bytes += count;
        if (summary.Bytes < _nextSpaceCheck || options.FreeSpace is not { } freeSpace)
            return;
        _nextSpaceCheck = summary.Bytes + SpaceCheckInterval;
        var free = freeSpace();
        if (free < options.Limits.ReservedBytes + SpaceCheckInterval)
            throw new InsulaException(
                ExitCode.NoDiskSpace,
                $"there is no space left to unpack it: {free >> 20} MB free, of which {options.Limits.ReservedBytes >> 20} MB are kept in reserve");
    }

    private static void Check(Errno error, string display)
    {
        if (error != Errno.None)
            throw new LinuxException("write", display, error);
    }
}

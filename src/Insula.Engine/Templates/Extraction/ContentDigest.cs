using System.Buffers.Binary;
using Insula.Engine.Digests;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates.Extraction;

/// <summary>
/// A file's content as a digest that does not spend time on holes: SHA-256 over each stretch of 4 KiB blocks that are not all
/// zero, its offset (8 bytes, little-endian) before it, and the file's size at the end. Blocks are counted from the file's start.
/// </summary>
internal sealed class ContentDigest
{
    /// <summary>Granularity of holes.</summary>
    public const int BlockSize = 4096;

    private readonly Sha256 _hash = new();
    private long _end = -1;

    /// <summary>
    /// The next stretch of blocks with data in <paramref name="chunk"/>, at or after <paramref name="from"/>. The chunk starts at a
    /// block boundary of the file; only the file's last block may be short.
    /// </summary>
    /// <returns>Where the stretch starts, or -1 if only zeros are left.</returns>
    public static int NextRun(ReadOnlySpan<byte> chunk, int from, out int length)
    {
        while (from < chunk.Length && IsZero(chunk, from))
            from += BlockSize;
        length = 0;
        if (from >= chunk.Length)
            return -1;
        var end = from;
        while (end < chunk.Length && !IsZero(chunk, end))
            end += BlockSize;
        length = Math.Min(end, chunk.Length) - from;
        return from;
    }

    /// <summary>Adds a stretch as <see cref="NextRun"/> found it.</summary>
    public void Append(long offset, ReadOnlySpan<byte> run)
    {
        // A stretch that goes on from one buffer to the next is one stretch.
        if (offset != _end)
            AppendNumber(offset);
        _hash.Append(run);
        _end = offset + run.Length;
    }

    /// <summary>The digest of a file of <paramref name="size"/> bytes; starts afresh.</summary>
    public byte[] Finish(long size)
    {
        AppendNumber(size);
        _end = -1;
        return _hash.FinishAndReset();
    }

    /// <summary>The digest of an open file, read from its start.</summary>
    public byte[] OfFile(FileDescriptor file, byte[] buffer, string display)
    {
        long position = 0;
        while (true)
        {
            var chunk = buffer.AsSpan(0, FileData.ReadAt(file, buffer, position, display));
            int at = 0, length;
            while ((at = NextRun(chunk, at, out length)) >= 0)
            {
                Append(position + at, chunk.Slice(at, length));
                at += length;
            }

            position += chunk.Length;
            if (chunk.Length < buffer.Length)
                return Finish(position);
        }
    }

    private static bool IsZero(ReadOnlySpan<byte> chunk, int at)
        => chunk.Slice(at, Math.Min(BlockSize, chunk.Length - at)).IndexOfAnyExcept((byte)0) < 0;

    private void AppendNumber(long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        _hash.Append(bytes);
    }
}

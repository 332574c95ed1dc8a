using System.Buffers.Binary;

namespace Insula.Engine.Digests;

/// <summary>
/// What SHA-256 and SHA-512 have in common (FIPS 180-4): data is taken in blocks, and the last one carries the length.
/// .NET's own go through OpenSSL, a library that is loaded when it is first needed; this program is linked statically and loads none.
/// </summary>
internal abstract class BlockHash
{
    private readonly byte[] _pending;
    private int _count;
    private long _length;

    private protected BlockHash(int blockSize) => _pending = new byte[blockSize];

    /// <summary>Adds data.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        _length += data.Length;
        if (_count > 0)
        {
            var taken = Math.Min(_pending.Length - _count, data.Length);
            data[..taken].CopyTo(_pending.AsSpan(_count));
            _count += taken;
            data = data[taken..];
            if (_count < _pending.Length)
                return;
            Compress(_pending);
        }
        var whole = data.Length / _pending.Length * _pending.Length;
        if (whole > 0)
            Compress(data[..whole]);
        _count = data.Length - whole;
        data[whole..].CopyTo(_pending);
    }

    /// <summary>The digest of all that was added; starts afresh.</summary>
    public byte[] FinishAndReset()
    {
        var digest = new byte[Size];
        FinishAndReset(digest);
        return digest;
    }

    /// <summary>As above, into a buffer of <see cref="Size"/> bytes.</summary>
    public void FinishAndReset(Span<byte> digest)
    {
        // A one bit, zeros, and the length in bits at the end of the block: 8 bytes of it, or 16 (of which the upper 8 stay zero).
        var lengthSize = _pending.Length / 8;
        _pending[_count++] = 0x80;
        if (_count > _pending.Length - lengthSize)
        {
            _pending.AsSpan(_count).Clear();
            Compress(_pending);
            _count = 0;
        }
        _pending.AsSpan(_count).Clear();
        BinaryPrimitives.WriteInt64BigEndian(_pending.AsSpan(_pending.Length - 8), _length * 8);
        Compress(_pending);
        WriteDigest(digest);
        _count = 0;
        _length = 0;
        Reset();
    }

    /// <summary>Bytes of a digest.</summary>
    public abstract int Size { get; }

    /// <summary>Takes in one or more whole blocks.</summary>
    private protected abstract void Compress(ReadOnlySpan<byte> blocks);

    private protected abstract void WriteDigest(Span<byte> digest);

    private protected abstract void Reset();
}

namespace Insula.Engine.Templates.Compression;

/// <summary>The part of a stream that only reads forward: everything else is refused.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public abstract override int Read(Span<byte> buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Counts what is read from another stream, which it does not close.</summary>
internal sealed class MeteredStream(Stream source, Action<long>? progress) : ForwardStream
{
    private long _count;

    public override int Read(Span<byte> buffer)
    {
        var count = source.Read(buffer);
        _count += count;
        if (count > 0)
            progress?.Invoke(_count);
        return count;
    }
}

/// <summary>Gzip whose damage shows as what every damaged archive shows as.</summary>
internal sealed class CheckedGzipStream(Stream gzip) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return gzip.Read(buffer);
        }
        catch (InvalidDataException error)
        {
            throw new ArchiveException("the gzip data is damaged", error);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            gzip.Dispose();
        base.Dispose(disposing);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Insula.Linux.Fuse;

/// <summary>A request as it was read. Every look into it is checked against its length: it is bytes until proved otherwise.</summary>
public readonly ref struct FuseRequest
{
    private readonly ReadOnlySpan<byte> _body;

    private FuseRequest(FuseInHeader header, ReadOnlySpan<byte> body)
    {
        _body = body;
        Length = (int)header.Length;
        Opcode = header.Opcode;
        Unique = header.Unique;
        NodeId = header.NodeId;
    }

    /// <summary>Bytes of the whole request.</summary>
    public int Length { get; }

    /// <summary>What is asked for.</summary>
    public FuseOpcode Opcode { get; }

    /// <summary>The request's number, which the answer repeats.</summary>
    public ulong Unique { get; }

    /// <summary>The file or directory it is about.</summary>
    public ulong NodeId { get; }

    /// <summary>True for those that the kernel waits for no answer to.</summary>
    public bool IsOneWay => Opcode is FuseOpcode.Forget or FuseOpcode.BatchForget or FuseOpcode.Interrupt;

    /// <summary>Takes a request apart.</summary>
    /// <param name="bytes">What one read(2) gave; may be longer than the request.</param>
    /// <param name="request">The request.</param>
    /// <returns>False if these bytes are no request.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out FuseRequest request)
    {
        request = default;
        if (!MemoryMarshal.TryRead<FuseInHeader>(bytes, out var header))
            return false;
        // The extensions (security context, groups) stand at the end and are counted in units of eight bytes.
        var end = (long)header.Length - (header.ExtensionLength * 8L);
        if (header.Length > bytes.Length || end < Unsafe.SizeOf<FuseInHeader>())
            return false;
        request = new FuseRequest(header, bytes[Unsafe.SizeOf<FuseInHeader>()..(int)end]);
        return true;
    }

    /// <summary>The fixed part of the body. False if it is too short.</summary>
    internal bool TryGet<T>(out T value)
        where T : unmanaged
        => MemoryMarshal.TryRead(_body, out value);

    /// <summary>The body as one name, NUL-terminated and not empty. False if it is none.</summary>
    public bool TryGetName(out ReadOnlySpan<byte> name)
    {
        var end = _body.IndexOf((byte)0);
        name = end > 0 ? _body[..end] : default;
        return end > 0 && !name.Contains((byte)'/');
    }
}

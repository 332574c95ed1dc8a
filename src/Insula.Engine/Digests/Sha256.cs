using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Insula.Engine.Digests;

/// <summary>SHA-256 (FIPS 180-4, 6.2).</summary>
internal sealed class Sha256 : BlockHash
{
    private const int BlockSize = 64;
    private const int Rounds = 64;

    private readonly uint[] _state = [.. Initial];

    public Sha256()
        : base(BlockSize)
    {
    }

    public override int Size => 32;

    // The first 32 bits of the fractional parts of the square roots of the first 8 primes.
    private static ReadOnlySpan<uint> Initial =>
    [
        0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
    ];

    // The same of the cube roots of the first 64 primes.
    private static ReadOnlySpan<uint> Constants =>
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ];

    private protected override void Reset() => Initial.CopyTo(_state);

    private protected override void WriteDigest(Span<byte> digest)
    {
        for (var i = 0; i < _state.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest[(i * sizeof(uint))..], _state[i]);
    }

    private protected override void Compress(ReadOnlySpan<byte> blocks)
    {
        Span<uint> schedule = stackalloc uint[Rounds];
        for (; !blocks.IsEmpty; blocks = blocks[BlockSize..])
        {
            Expand(blocks, schedule);
            CompressOne(schedule);
        }
    }

    private static void Expand(ReadOnlySpan<byte> block, Span<uint> schedule)
    {
        for (var i = 0; i < 16; i++)
            schedule[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);
        for (var i = 16; i < schedule.Length; i++)
        {
            var (near, far) = (schedule[i - 2], schedule[i - 15]);
            schedule[i] = schedule[i - 16] + schedule[i - 7]
                + (Rotate(near, 17) ^ Rotate(near, 19) ^ (near >> 10))
                + (Rotate(far, 7) ^ Rotate(far, 18) ^ (far >> 3));
        }
    }

    private void CompressOne(ReadOnlySpan<uint> schedule)
    {
        var state = _state.AsSpan();
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
        for (var i = 0; i < Rounds; i += 8)
        {
            // Instead of moving all eight words one place on, each round takes them in the next order.
            Round(a, b, c, ref d, e, f, g, ref h, Constants[i] + schedule[i]);
            Round(h, a, b, ref c, d, e, f, ref g, Constants[i + 1] + schedule[i + 1]);
            Round(g, h, a, ref b, c, d, e, ref f, Constants[i + 2] + schedule[i + 2]);
            Round(f, g, h, ref a, b, c, d, ref e, Constants[i + 3] + schedule[i + 3]);
            Round(e, f, g, ref h, a, b, c, ref d, Constants[i + 4] + schedule[i + 4]);
            Round(d, e, f, ref g, h, a, b, ref c, Constants[i + 5] + schedule[i + 5]);
            Round(c, d, e, ref f, g, h, a, ref b, Constants[i + 6] + schedule[i + 6]);
            Round(b, c, d, ref e, f, g, h, ref a, Constants[i + 7] + schedule[i + 7]);
        }
        (state[0], state[1], state[2], state[3]) = (state[0] + a, state[1] + b, state[2] + c, state[3] + d);
        (state[4], state[5], state[6], state[7]) = (state[4] + e, state[5] + f, state[6] + g, state[7] + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint input)
    {
        var first = h + (Rotate(e, 6) ^ Rotate(e, 11) ^ Rotate(e, 25)) + ((e & f) ^ (~e & g)) + input;
        d += first;
        h = first + (Rotate(a, 2) ^ Rotate(a, 13) ^ Rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Rotate(uint value, int bits) => BitOperations.RotateRight(value, bits);
}

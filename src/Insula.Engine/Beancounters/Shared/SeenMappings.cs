namespace Insula.Engine.Beancounters.Shared;

/// <summary>
/// How often each page frame has been found mapped, up to 65535 times. Two bytes for each frame, in blocks that are made when one of their frames is
/// found: at most the 2048th part of the memory that containers use.
/// </summary>
internal sealed class SeenMappings
{
    private const int Block = 1 << 16;

    private readonly Dictionary<long, ushort[]> _blocks = [];

    /// <summary>Counts a mapping.</summary>
    public void Add(long frame)
    {
        if (!_blocks.TryGetValue(frame / Block, out var block))
            _blocks[frame / Block] = block = new ushort[Block];
        ref var count = ref block[frame % Block];
        if (count < ushort.MaxValue)
            count++;
    }

    /// <summary>How often a frame was found; <see cref="ushort.MaxValue"/> for that often or more.</summary>
    public ushort Of(long frame) => _blocks.TryGetValue(frame / Block, out var block) ? block[frame % Block] : (ushort)0;
}

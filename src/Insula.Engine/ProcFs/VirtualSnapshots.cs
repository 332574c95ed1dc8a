namespace Insula.Engine.ProcFs;

/// <summary>
/// What files said, for as long as readers need it: a file that is read in pieces is of one moment, and readers that come within a hundredth of a
/// second share one making of it. A handle that an earlier daemon gave out is unknown here and gets a new moment.
/// </summary>
public sealed class VirtualSnapshots
{
    // The grain of the clocks in these files; several readers within one see the same.
    private const long Fresh = 10; // milliseconds

    private const long ForgottenAfter = 5000;

    // What was made within the grain, not for each file of each container: two that fall on the same place only share nothing. A power of two.
    private const int SlotCount = 1024;

    // What readers that stopped in the middle may keep us from forgetting, in all. Beyond, a file that is read in pieces is of several moments.
    private const long MostHeld = 4 * 1024 * 1024;

    // The upper half of a handle says which process gave it out: a reader of one that has died must not free or see what another one reads.
    private readonly ulong _generation = (ulong)(uint)Random.Shared.Next(1, int.MaxValue) << 32;

    private readonly Lock _lock = new();
    private readonly List<(bool IsOpen, byte[]? Text)> _open = [];
    private readonly Stack<int> _free = new();
    private readonly Slot?[] _slots = new Slot?[SlotCount];
    private long _held;

    [ThreadStatic]
    private static TextBuffer? _buffer;

    private sealed class Slot
    {
        public (int Ctid, int File) Key;
        public byte[] Text = [];
        public long MadeAt = long.MinValue / 2;
    }

    /// <summary>How many handles are open.</summary>
    internal int OpenCount
    {
        get
        {
            lock (_lock)
                return _open.Count - _free.Count;
        }
    }

    /// <summary>A handle for a file that is being opened.</summary>
    public ulong Open()
    {
        lock (_lock)
        {
            if (!_free.TryPop(out var index))
            {
                index = _open.Count;
                _open.Add(default);
            }
            _open[index] = (true, null);
            return _generation | (uint)index;
        }
    }

    /// <summary>The handle is used no more. One that is not known is none of ours.</summary>
    public void Release(ulong handle)
    {
        lock (_lock)
        {
            if (IndexOf(handle) is not { } index)
                return;
            Hold(index, null);
            _open[index] = default;
            _free.Push(index);
        }
    }

    /// <summary>What the file says to this reader.</summary>
    /// <param name="handle">Its handle.</param>
    /// <param name="offset">Where it reads; from the beginning it gets the present.</param>
    /// <param name="length">How much it wants.</param>
    /// <param name="view">The container.</param>
    /// <param name="index">The file's number.</param>
    /// <param name="file">The file.</param>
    public byte[] Text(ulong handle, long offset, int length, IContainerView view, int index, VirtualFile file)
    {
        var text = (offset > 0 ? HeldBy(handle) : null) ?? Present(view, index, file);
        // A read that reaches the end is followed by one that finds nothing, of whatever moment.
        lock (_lock)
        {
            if (IndexOf(handle) is { } place)
                Hold(place, offset > text.Length || length >= text.Length - offset ? null : text);
        }
        return text;
    }

    /// <summary>What the file says now.</summary>
    public byte[] Present(IContainerView view, int index, VirtualFile file)
    {
        var key = (view.Ctid.Value, index);
        var slot = SlotOf(key);
        lock (slot)
        {
            var now = Environment.TickCount64;
            if (now - slot.MadeAt < Fresh && slot.Key == key)
                return slot.Text;
            var buffer = _buffer ??= new TextBuffer();
            buffer.Clear();
            file.Render(view, buffer);
            slot.Text = buffer.Written.ToArray();
            slot.Key = key;
            slot.MadeAt = now;
            return slot.Text;
        }
    }

    /// <summary>Forgets what nobody has read for some seconds.</summary>
    public void ForgetOld()
    {
        var now = Environment.TickCount64;
        for (var i = 0; i < _slots.Length; i++)
        {
            if (Volatile.Read(ref _slots[i]) is { } slot && now - Volatile.Read(ref slot.MadeAt) > ForgottenAfter)
                Volatile.Write(ref _slots[i], null);
        }
    }

    private Slot SlotOf((int Ctid, int File) key)
    {
        const uint spread = 2654435761; // 2^32 divided by the golden ratio
        ref var place = ref _slots[((uint)key.Ctid * spread ^ (uint)key.File * 40503) % SlotCount];
        if (Volatile.Read(ref place) is { } known)
            return known;
        var made = new Slot();
        return Interlocked.CompareExchange(ref place, made, null) ?? made;
    }

    private byte[]? HeldBy(ulong handle)
    {
        lock (_lock)
            return IndexOf(handle) is { } index ? _open[index].Text : null;
    }

    private int? IndexOf(ulong handle)
    {
        var index = (int)(uint)handle;
        return (handle & ~0xFFFFFFFFUL) == _generation && (uint)index < (uint)_open.Count && _open[index].IsOpen ? index : null;
    }

    private void Hold(int index, byte[]? text)
    {
        _held += (text?.Length ?? 0) - (_open[index].Text?.Length ?? 0);
        if (_held > MostHeld && text is not null)
        {
            _held -= text.Length;
            text = null;
        }
        _open[index] = (true, text);
    }
}

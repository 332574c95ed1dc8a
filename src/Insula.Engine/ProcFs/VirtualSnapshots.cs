using Insula.Engine.Containers;

namespace Insula.Engine.ProcFs;

/// <summary>
/// What files said, for as long as readers need it: a file that is read in pieces is of one moment, and readers that come within a few
/// hundredths of a second share one making of it. A handle that an earlier daemon gave out is unknown here and gets a new moment.
/// </summary>
public sealed class VirtualSnapshots
{
    // A hundredth of a second is the grain of the clocks in these files; several readers within a few of them see the same.
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly List<byte[]?> _open = [];
    private readonly Stack<int> _free = new();

    private sealed class Slot
    {
        public readonly Lock Lock = new();
        public readonly TextBuffer Buffer = new();
        public byte[] Text = [];
        public long MadeAt = long.MinValue;
    }

    private readonly System.Collections.Concurrent.ConcurrentDictionary<(int Ctid, int File), Slot> _slots = new();

    /// <summary>A handle for a file that is being opened.</summary>
    public ulong Open()
    {
        lock (_lock)
        {
            if (!_free.TryPop(out var index))
            {
                index = _open.Count;
                _open.Add(null);
            }
            return (ulong)index + 1;
        }
    }

    /// <summary>The handle is used no more. One that is not known is none of ours.</summary>
    public void Release(ulong handle)
    {
        lock (_lock)
        {
            if (handle == 0 || handle > (ulong)_open.Count || _free.Contains((int)handle - 1))
                return;
            _open[(int)handle - 1] = null;
            _free.Push((int)handle - 1);
        }
    }

    /// <summary>What the file says to this reader.</summary>
    /// <param name="handle">Its handle.</param>
    /// <param name="restart">True when it reads from the beginning: then it gets the present.</param>
    /// <param name="view">The container.</param>
    /// <param name="index">The file's number.</param>
    /// <param name="file">The file.</param>
    public byte[] Text(ulong handle, bool restart, IContainerView view, int index, VirtualFile file)
    {
        if (!restart && Held(handle) is { } held)
            return held;
        var text = Present(view, index, file);
        lock (_lock)
        {
            if (handle > 0 && handle <= (ulong)_open.Count)
                _open[(int)handle - 1] = text;
        }
        return text;
    }

    /// <summary>Forgets what a container that has ended said.</summary>
    public void Forget(Ctid ctid)
    {
        foreach (var key in _slots.Keys.Where(key => key.Ctid == ctid.Value))
            _slots.TryRemove(key, out _);
    }

    private byte[]? Held(ulong handle)
    {
        lock (_lock)
            return handle > 0 && handle <= (ulong)_open.Count ? _open[(int)handle - 1] : null;
    }

    private byte[] Present(IContainerView view, int index, VirtualFile file)
    {
        var slot = _slots.GetOrAdd((view.Ctid.Value, index), static _ => new Slot());
        lock (slot.Lock)
        {
            var now = Environment.TickCount64;
            if (slot.MadeAt != long.MinValue && now - slot.MadeAt < Fresh.TotalMilliseconds)
                return slot.Text;
            slot.Buffer.Clear();
            file.Render(view, slot.Buffer);
            slot.Text = slot.Buffer.Written.ToArray();
            slot.MadeAt = now;
            return slot.Text;
        }
    }
}

using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>
/// Questions that are being answered, in memory that outlives the process: the kernel tells nobody else of one that has been taken, so who comes next
/// finds it here.
/// </summary>
/// <remarks>
/// Slots of one layout, in each <code>whether it is used | the question | where it was taken, two numbers</code>
/// Questions are taken into the first. The kernel marks a question as taken and writes it in this order, and takes the mark back if it cannot write: what
/// has been taken is here, whenever this process dies. The page is locked, so that no fault can fail the write. The other slots are for those that
/// take longer than the next question is to wait.
/// </remarks>
public sealed unsafe class QuestionSlots : IDisposable
{
    private const int Length = 4096;
    private const int QuestionOffset = 8;
    private static readonly int OwnerOffset = QuestionOffset + sizeof(SeccompQuestion);
    private static readonly int SequenceOffset = OwnerOffset + sizeof(long);
    private static readonly int SlotSize = SequenceOffset + sizeof(long);

    private readonly byte* _memory;

    private QuestionSlots(FileDescriptor file)
    {
        const int PROT_READ_WRITE = 3, MAP_SHARED = 1;
        File = file;
        _memory = (byte*)Kernel.Check(Kernel.Call(Syscall.MMap, 0, Length, PROT_READ_WRITE, MAP_SHARED, file.Number, 0), "map", "the question memory");
        Kernel.Check(Kernel.Call(Syscall.Mlock, (nint)_memory, Length), "lock", "the question memory");
    }

    /// <summary>How many questions can be kept beside the one that is being answered.</summary>
    public static int Keepable => Length / SlotSize - 1;

    /// <summary>The memory file, to be handed to the next process.</summary>
    public FileDescriptor File { get; }

    /// <summary>The question that was taken last.</summary>
    public SeccompQuestion Question => QuestionIn(0);

    /// <summary>The number of the question that may not have been answered; 0: none. Those that are kept do not count.</summary>
    public ulong Waiting => IsUsed(0) ? Volatile.Read(ref *At<ulong>(0, QuestionOffset)) : 0;

    /// <summary>Where that was taken, as <see cref="TryTake"/> was told; null if there is none.</summary>
    public (long Owner, long Sequence)? Taken => Waiting == 0 ? null : TakenIn(0);

    /// <summary>The slots of the questions that are kept.</summary>
    public IReadOnlyList<int> Kept => [.. Enumerable.Range(1, Keepable).Where(IsUsed)];

    /// <summary>New ones, empty.</summary>
    public static QuestionSlots Create()
    {
        var file = MemoryFile.Create("insulad-question", []);
        Kernel.Check(Kernel.Call(Syscall.Ftruncate, file.Number, Length), "size", "the question memory");
        return new QuestionSlots(file);
    }

    /// <summary>Those that another process made. This object owns the descriptor.</summary>
    public static QuestionSlots Adopt(FileDescriptor file) => new(file);

    /// <summary>Takes a question.</summary>
    /// <param name="listener">The descriptor.</param>
    /// <param name="owner">Says which descriptor that is, to who comes next.</param>
    /// <param name="sequence">So does this.</param>
    /// <returns>False if the one that waited has given up.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool TryTake(FileDescriptor listener, long owner, long sequence)
    {
        new Span<byte>(_memory, SlotSize).Clear();
        *At<long>(0, OwnerOffset) = owner;
        *At<long>(0, SequenceOffset) = sequence;
        SetUsed(0, true);
        var result = Kernel.Call(Syscall.IoCtl, listener.Number, unchecked((nint)SeccompListener.Receive), (nint)At<SeccompQuestion>(0, QuestionOffset));
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return false;
        Kernel.Check(result, "take a question of", "a system call filter");
        return true;
    }

    /// <summary>To be called when the question that was taken last has been answered.</summary>
    public void Clear() => SetUsed(0, false);

    /// <summary>Keeps the question that was taken last for later. Who dies meanwhile may leave it in both slots.</summary>
    /// <returns>Its slot; -1 if no more can be kept.</returns>
    public int TryKeep()
    {
        for (var slot = 1; slot <= Keepable; slot++)
        {
            if (IsUsed(slot))
                continue;
            new ReadOnlySpan<byte>(_memory + QuestionOffset, SlotSize - QuestionOffset).CopyTo(new Span<byte>(_memory + slot * SlotSize + QuestionOffset, SlotSize - QuestionOffset));
            SetUsed(slot, true);
            Clear();
            return slot;
        }
        return -1;
    }

    /// <summary>A question that is kept.</summary>
    public SeccompQuestion QuestionIn(int slot) => *At<SeccompQuestion>(slot, QuestionOffset);

    /// <summary>Where it was taken.</summary>
    public (long Owner, long Sequence) TakenIn(int slot) => (*At<long>(slot, OwnerOffset), *At<long>(slot, SequenceOffset));

    /// <summary>To be called when it has been answered. For any thread.</summary>
    public void Clear(int slot) => SetUsed(slot, false);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing can be done about a failing munmap, and nothing depends on it.
        Kernel.Call(Syscall.MUnmap, (nint)_memory, Length);
        File.Dispose();
    }

    private bool IsUsed(int slot) => Volatile.Read(ref *At<ulong>(slot, 0)) != 0;

    private void SetUsed(int slot, bool used) => Volatile.Write(ref *At<ulong>(slot, 0), used ? 1ul : 0);

    private T* At<T>(int slot, int offset)
        where T : unmanaged
        => (T*)(_memory + slot * SlotSize + offset);
}

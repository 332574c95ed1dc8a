using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>
/// The question that is being answered, in memory that outlives the process: the kernel tells nobody else of one that has been taken, so who comes next
/// finds it here.
/// </summary>
/// <remarks>
/// <code>whether the slot is used | the question | where it was taken, two numbers</code>
/// The kernel marks a question as taken and writes it in this order, and takes the mark back if it cannot write: what has been taken is here, whenever
/// this process dies. The page is locked, so that no fault can fail the write.
/// </remarks>
public sealed unsafe class QuestionSlot : IDisposable
{
    private const int Length = 4096;
    private const int QuestionOffset = 8;
    private static readonly int OwnerOffset = QuestionOffset + sizeof(SeccompQuestion);
    private static readonly int SequenceOffset = OwnerOffset + sizeof(long);

    private readonly byte* _memory;

    private QuestionSlot(FileDescriptor file)
    {
        const int PROT_READ_WRITE = 3, MAP_SHARED = 1;
        File = file;
        _memory = (byte*)Kernel.Check(Kernel.Call(Syscall.MMap, 0, Length, PROT_READ_WRITE, MAP_SHARED, file.Number, 0), "map", "the question memory");
        Kernel.Check(Kernel.Call(Syscall.Mlock, (nint)_memory, Length), "lock", "the question memory");
    }

    /// <summary>The memory file, to be handed to the next process.</summary>
    public FileDescriptor File { get; }

    /// <summary>The question.</summary>
    public SeccompQuestion Question => *At<SeccompQuestion>(QuestionOffset);

    /// <summary>The number of the question that may not have been answered; 0: none.</summary>
    public ulong Waiting => Volatile.Read(ref *At<ulong>(0)) == 0 ? 0 : Volatile.Read(ref *At<ulong>(QuestionOffset));

    /// <summary>Where that was taken, as <see cref="TryTake"/> was told; null if there is none.</summary>
    public (long Owner, long Sequence)? Taken => Waiting == 0 ? null : (*At<long>(OwnerOffset), *At<long>(SequenceOffset));

    /// <summary>A new one, empty.</summary>
    public static QuestionSlot Create()
    {
        var file = MemoryFile.Create("insulad-question", []);
        Kernel.Check(Kernel.Call(Syscall.Ftruncate, file.Number, Length), "size", "the question memory");
        return new QuestionSlot(file);
    }

    /// <summary>One that another process made. This object owns the descriptor.</summary>
    public static QuestionSlot Adopt(FileDescriptor file) => new(file);

    /// <summary>Takes a question.</summary>
    /// <param name="listener">The descriptor.</param>
    /// <param name="owner">Says which descriptor that is, to who comes next.</param>
    /// <param name="sequence">So does this.</param>
    /// <returns>False if the one that waited has given up.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool TryTake(FileDescriptor listener, long owner, long sequence)
    {
        new Span<byte>(_memory, SequenceOffset + sizeof(long)).Clear();
        *At<long>(OwnerOffset) = owner;
        *At<long>(SequenceOffset) = sequence;
        Volatile.Write(ref *At<ulong>(0), 1);
        var result = Kernel.Call(Syscall.IoCtl, listener.Number, unchecked((nint)SeccompListener.Receive), (nint)At<SeccompQuestion>(QuestionOffset));
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return false;
        Kernel.Check(result, "take a question of", "a system call filter");
        return true;
    }

    /// <summary>To be called when it has been answered.</summary>
    public void Clear() => Volatile.Write(ref *At<ulong>(0), 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing can be done about a failing munmap, and nothing depends on it.
        Kernel.Call(Syscall.MUnmap, (nint)_memory, Length);
        File.Dispose();
    }

    private T* At<T>(int offset)
        where T : unmanaged
        => (T*)(_memory + offset);
}

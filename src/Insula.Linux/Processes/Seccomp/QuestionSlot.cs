using System.Runtime.CompilerServices;
using Insula.Linux.Fuse;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>
/// The question that is being answered, in memory that outlives the process: the kernel tells nobody else of one that has been taken, so who comes next
/// finds it here. Laid out as requests are in <see cref="SharedSlots"/>: a mark that the slot is used, and the question's number eight bytes further on.
/// </summary>
/// <param name="memory">One slot; not owned.</param>
public sealed unsafe class QuestionSlot(SharedSlots memory)
{
    private const int QuestionOffset = 8;
    private static readonly int OwnerOffset = QuestionOffset + sizeof(SeccompQuestion);
    private static readonly int SequenceOffset = OwnerOffset + sizeof(long);

    /// <summary>The question.</summary>
    public SeccompQuestion Question => *At<SeccompQuestion>(QuestionOffset);

    /// <summary>Where the question was taken that may not have been answered, as <see cref="TryTake"/> was told; null if there is none.</summary>
    public (long Owner, long Sequence)? Taken => memory.UniqueOf(0) == 0 ? null : (*At<long>(OwnerOffset), *At<long>(SequenceOffset));

    /// <summary>
    /// Takes a question. The kernel marks it as taken and writes it in this order, and takes the mark back if it cannot write: what has been taken is
    /// here, whenever this process dies.
    /// </summary>
    /// <param name="listener">The descriptor.</param>
    /// <param name="owner">Says which descriptor that is, to who comes next.</param>
    /// <param name="sequence">So does this.</param>
    /// <returns>False if the one that waited has given up.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool TryTake(FileDescriptor listener, long owner, long sequence)
    {
        memory[0][..(SequenceOffset + sizeof(long))].Clear();
        *At<long>(OwnerOffset) = owner;
        *At<long>(SequenceOffset) = sequence;
        Volatile.Write(ref *At<uint>(0), 1);
        var result = Kernel.Call(Syscall.IoCtl, listener.Number, unchecked((nint)SeccompListener.Receive), (nint)At<SeccompQuestion>(QuestionOffset));
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return false;
        Kernel.Check(result, "take a question of", "a system call filter");
        return true;
    }

    /// <summary>To be called when it has been answered.</summary>
    public void Clear() => memory.Clear(0);

    // The memory is mapped, and stays where it is.
    private T* At<T>(int offset)
        where T : unmanaged
        => (T*)Unsafe.AsPointer(ref memory[0][offset]);
}

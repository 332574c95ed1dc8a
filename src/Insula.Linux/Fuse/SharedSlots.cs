using System.Numerics;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Fuse;

/// <summary>
/// The memory that requests are read into and wait in. It outlives the process that reads: when a server has died, the next one finds here what had
/// been taken from the kernel and answers it. FUSE_NOTIFY_RESEND does the same, but only since Linux 6.9.
/// </summary>
/// <remarks>
/// <code>
/// one reading slot for each thread | a page: which waiting slots are in use, what each thread answers | waiting slots, small, many
/// </code>
/// A slot's first word is the length of the request in it, 0 if there is none. It is set to 0 before a read, and the kernel sets it with the request;
/// in a waiting slot it is written last. Whatever the moment of death, a slot with a length therefore holds a whole request that may not have been
/// answered; answering it twice is harmless, as the kernel knows no such request any more (ENOENT). The pages that the kernel writes to are locked, so that no
/// fault can fail a read on its way out; those of waiting slots come with their first use. Without the page and what follows, the memory is as
/// it was before requests waited in it.
/// </remarks>
public sealed unsafe class SharedSlots : IDisposable
{
    /// <summary>How many threads read.</summary>
    public const int Threads = 4;

    /// <summary>FUSE_MIN_READ_BUFFER, and more than a write of <see cref="FuseDispatcher.MaxWrite"/> needs.</summary>
    public const int SlotSize = 12 * 1024;

    /// <summary>Room for any request for what cannot be written to; a name has at most 255 bytes.</summary>
    public const int WaitingSize = 512;

    /// <summary>How many requests can wait. Those beyond stay in the kernel, in the order in which they came.</summary>
    public const int MostWaiting = 8192;

    private const int UniqueOffset = 8; // in struct fuse_in_header
    private const int BitsPerWord = 64, PageSize = 4096;
    private const int LockedLength = (Threads * SlotSize) + PageSize;
    private const int AnsweringOffset = (Threads * SlotSize) + (MostWaiting / 8);
    private const int Length = LockedLength + (MostWaiting * WaitingSize);

    private readonly byte* _memory;

    private SharedSlots(FileDescriptor file)
    {
        File = file;
        _memory = Map(file);
    }

    /// <summary>The memory file, to be handed to the next process.</summary>
    public FileDescriptor File { get; }

    /// <summary>New slots, all empty.</summary>
    public static SharedSlots Create() => Adopt(MemoryFile.Create("insulad-requests", []));

    /// <summary>Slots that another process made, perhaps one that let no request wait.</summary>
    public static SharedSlots Adopt(FileDescriptor file)
    {
        // What is there stays; what comes to it is zeros, and takes no memory before it is used.
        Kernel.Check(Kernel.Call(Syscall.Ftruncate, file.Number, Length), "size", "the request memory");
        return new SharedSlots(file);
    }

    /// <summary>The slot that a thread reads into.</summary>
    public Span<byte> this[int thread]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)thread, (uint)Threads, nameof(thread));
            return new Span<byte>(_memory + (thread * SlotSize), SlotSize);
        }
    }

    /// <summary>True if a thread's slot holds a request.</summary>
    public bool IsUsed(int thread) => Volatile.Read(ref *(uint*)(_memory + (thread * SlotSize))) != 0;

    /// <summary>Empties a thread's slot.</summary>
    public void Clear(int thread) => Volatile.Write(ref *(uint*)(_memory + (thread * SlotSize)), 0);

    /// <summary>The number of the request that a thread is answering; 0: none.</summary>
    public ulong AnsweredBy(int thread) => Volatile.Read(ref Answering(thread));

    /// <summary>Says which request a thread is answering.</summary>
    public void SetAnswered(int thread, ulong unique) => Volatile.Write(ref Answering(thread), unique);

    /// <summary>The request in a waiting slot; empty if there is none.</summary>
    public ReadOnlySpan<byte> Waiting(int slot)
    {
        var start = PlaceOf(slot);
        return new ReadOnlySpan<byte>(start, (int)Math.Min(Volatile.Read(ref *(uint*)start), WaitingSize));
    }

    /// <summary>Puts a request into a waiting slot. One caller at a time.</summary>
    /// <returns>The slot; -1 if all are in use or it is too large.</returns>
    public int TryKeep(ReadOnlySpan<byte> request)
    {
        if (request.Length is < UniqueOffset + sizeof(ulong) or > WaitingSize || FindFree() is not (>= 0 and var slot))
            return -1;
        var place = PlaceOf(slot);
        Interlocked.Or(ref Word(slot / BitsPerWord), 1UL << (slot % BitsPerWord));
        request[sizeof(uint)..].CopyTo(new Span<byte>(place + sizeof(uint), WaitingSize - sizeof(uint)));
        Volatile.Write(ref *(uint*)place, (uint)request.Length);
        return slot;
    }

    /// <summary>Empties a waiting slot.</summary>
    public void Release(int slot)
    {
        Volatile.Write(ref *(uint*)PlaceOf(slot), 0);
        Interlocked.And(ref Word(slot / BitsPerWord), ~(1UL << (slot % BitsPerWord)));
    }

    /// <summary>The waiting slots in use: what an earlier server has not answered.</summary>
    public List<int> FindWaiting()
    {
        var found = new List<int>();
        for (var word = 0; word < MostWaiting / BitsPerWord; word++)
        {
            for (var rest = Volatile.Read(ref Word(word)); rest != 0; rest &= rest - 1)
                found.Add((word * BitsPerWord) + BitOperations.TrailingZeroCount(rest));
        }
        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing can be done about a failing munmap, and nothing depends on it.
        Kernel.Call(Syscall.MUnmap, (nint)_memory, Length);
        File.Dispose();
    }

    // The lowest, so that few pages are used.
    private int FindFree()
    {
        for (var word = 0; word < MostWaiting / BitsPerWord; word++)
        {
            var used = Volatile.Read(ref Word(word));
            if (used != ulong.MaxValue)
                return (word * BitsPerWord) + BitOperations.TrailingZeroCount(~used);
        }
        return -1;
    }

    private ref ulong Word(int index) => ref *(ulong*)(_memory + (Threads * SlotSize) + (index * sizeof(ulong)));

    private ref ulong Answering(int thread) => ref *(ulong*)(_memory + AnsweringOffset + (thread * sizeof(ulong)));

    private byte* PlaceOf(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)MostWaiting, nameof(slot));
        return _memory + LockedLength + (slot * WaitingSize);
    }

    private static byte* Map(FileDescriptor file)
    {
        const int PROT_READ_WRITE = 3, MAP_SHARED = 1;
        var address = Kernel.Check(Kernel.Call(Syscall.MMap, 0, Length, PROT_READ_WRITE, MAP_SHARED, file.Number, 0), "map", "the request memory");
        Kernel.Check(Kernel.Call(Syscall.Mlock, (nint)address, LockedLength), "lock", "the request memory");
        return (byte*)address;
    }
}

using Insula.Linux.Syscalls;

namespace Insula.Linux.Fuse;

/// <summary>
/// The memory that requests are read into. It outlives the process that reads: when a server has died, the next one finds here what had been
/// taken from the kernel and answers it. FUSE_NOTIFY_RESEND does the same, but only since Linux 6.9.
/// </summary>
/// <remarks>
/// A slot belongs to one thread. Before each read its first word, the request's length, is set to 0; the kernel sets it with the request.
/// Whatever the moment of death, a slot with a length therefore holds a whole request that may not have been answered; answering it twice
/// is harmless, as the kernel knows no such request any more (ENOENT). The pages are locked, so that no fault can fail a read on its way out.
/// </remarks>
public sealed unsafe class SharedSlots : IDisposable
{
    /// <summary>FUSE_MIN_READ_BUFFER, and more than a write of <see cref="FuseDispatcher.MaxWrite"/> needs.</summary>
    public const int SlotSize = 12 * 1024;

    private const int SEEK_END = 2;
    private const int UniqueOffset = 8; // in struct fuse_in_header

    private readonly byte* _memory;
    private readonly nint _length;

    private SharedSlots(FileDescriptor file, int count)
    {
        File = file;
        Count = count;
        _length = (nint)count * SlotSize;
        _memory = Map(file, _length);
    }

    /// <summary>The memory file, to be handed to the next process.</summary>
    public FileDescriptor File { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>New slots, all empty.</summary>
    public static SharedSlots Create(int count)
    {
        var file = MemoryFile.Create("insulad-requests", []);
        Kernel.Check(Kernel.Call(Syscall.Ftruncate, file.Number, (nint)count * SlotSize), "size", "the request memory");
        return new SharedSlots(file, count);
    }

    /// <summary>Slots that another process made, as many as the memory file has.</summary>
    public static SharedSlots Adopt(FileDescriptor file)
    {
        var length = Kernel.Check(Kernel.Call(Syscall.Lseek, file.Number, 0, SEEK_END), "measure", "the request memory");
        if (length == 0 || length % SlotSize != 0)
            throw new LinuxException("use", $"a memory file of {length} bytes for requests", Errno.EINVAL);
        return new SharedSlots(file, (int)(length / SlotSize));
    }

    /// <summary>A slot's bytes.</summary>
    public Span<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return new Span<byte>(_memory + ((nint)index * SlotSize), SlotSize);
        }
    }

    /// <summary>True if a slot holds a request.</summary>
    public bool IsUsed(int index) => Volatile.Read(ref *(uint*)(_memory + ((nint)index * SlotSize))) != 0;

    /// <summary>The number of the request in a slot; 0 if it is empty.</summary>
    public ulong UniqueOf(int index) => IsUsed(index) ? Volatile.Read(ref *(ulong*)(_memory + ((nint)index * SlotSize) + UniqueOffset)) : 0;

    /// <summary>Empties a slot.</summary>
    public void Clear(int index) => Volatile.Write(ref *(uint*)(_memory + ((nint)index * SlotSize)), 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing can be done about a failing munmap, and nothing depends on it.
        Kernel.Call(Syscall.MUnmap, (nint)_memory, _length);
        File.Dispose();
    }

    private static byte* Map(FileDescriptor file, nint length)
    {
        const int PROT_READ_WRITE = 3, MAP_SHARED = 1, MAP_POPULATE = 0x8000;
        var address = Kernel.Check(
            Kernel.Call(Syscall.MMap, 0, length, PROT_READ_WRITE, MAP_SHARED | MAP_POPULATE, file.Number, 0), "map", "the request memory");
        Kernel.Check(Kernel.Call(Syscall.Mlock, (nint)address, length), "lock", "the request memory");
        return (byte*)address;
    }
}

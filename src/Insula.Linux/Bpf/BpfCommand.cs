using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>enum bpf_cmd of linux/bpf.h.</summary>
internal enum BpfCommand
{
    MapCreate = 0,
    MapLookup = 1,
    MapUpdate = 2,
    MapDelete = 3,
    MapNextKey = 4,
    ProgLoad = 5,
    ObjPin = 6,
    ObjGet = 7,
    ProgAttach = 8,
    ProgDetach = 9,
    ProgGetFdById = 13,
    ObjGetInfoByFd = 15,
    ProgQuery = 16,
    BtfLoad = 18,
    MapLookupBatch = 24,
    LinkCreate = 28,
    LinkUpdate = 29,
    IterCreate = 33,
}

/// <summary>bpf(2).</summary>
internal static unsafe class BpfCall
{
    /// <summary>Makes the call and gives back the kernel's own result.</summary>
    public static long Make<T>(BpfCommand command, ref T attributes)
        where T : unmanaged
    {
        fixed (T* pointer = &attributes)
            return Kernel.Call(Syscall.Bpf, (nint)command, (nint)pointer, sizeof(T));
    }
}

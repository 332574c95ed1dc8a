using Insula.Linux.Syscalls;

namespace Insula.Linux.PageFrames;

/// <summary>
/// The page of zeros that stands in every address space for what has been read and never written. It is nobody's memory. Which frame it
/// is the kernel does not say, so we look at what it gives us for such a page.
/// </summary>
internal static class ZeroPage
{
    private const int PROT_READ = 1;
    private const int MAP_PRIVATE_ANONYMOUS = 0x22;

    private static readonly Lazy<long> Found = new(Find);

    /// <summary>Its frame; 0 if it is not known.</summary>
    public static long Frame => Found.Value;

    private static unsafe long Find()
    {
        var size = Environment.SystemPageSize;
        var address = Kernel.Check(Kernel.Call(Syscall.MMap, 0, size, PROT_READ, MAP_PRIVATE_ANONYMOUS, -1, 0), "map", "a page");
        try
        {
            _ = Volatile.Read(ref *(byte*)address);
            using var pagemap = Files.Open("/proc/self/pagemap", OpenFlags.ReadOnly);
            ulong entry = 0;
            var got = Kernel.Call(Syscall.Pread64, pagemap.Number, (nint)(&entry), sizeof(ulong), (nint)(address / size * sizeof(ulong)));
            return got == sizeof(ulong) ? (long)(entry & ((1UL << 55) - 1)) : 0;
        }
        finally
        {
            Kernel.Call(Syscall.MUnmap, (nint)address, size);
        }
    }
}

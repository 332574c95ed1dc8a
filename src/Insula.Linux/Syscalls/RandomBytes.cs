namespace Insula.Linux.Syscalls;

/// <summary>The kernel's random numbers, fit for secrets.</summary>
public static class RandomBytes
{
    /// <summary>getrandom(2): waits, early after boot, until the kernel has gathered enough.</summary>
    public static unsafe void Fill(Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            // Up to 256 bytes come at once; of more the kernel may give a part.
            for (nint done = 0; done < bytes.Length;)
                done += (nint)Kernel.Check(Kernel.Call(Syscall.Getrandom, (nint)start + done, bytes.Length - done, 0), "get", "random bytes");
        }
    }
}

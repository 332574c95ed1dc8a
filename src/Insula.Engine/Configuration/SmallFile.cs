using Insula.Linux.Syscalls;

namespace Insula.Engine.Configuration;

/// <summary>Reads files that are small by nature with three system calls and one allocation: vzlist reads a thousand of them.</summary>
internal static class SmallFile
{
    /// <summary>The whole of a file of at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    /// <exception cref="InsulaException">It is larger (85).</exception>
    public static byte[] Read(string path, int limit)
    {
        using var file = new FileDescriptor((int)Kernel.Check(TryOpen(path), "open", path));
        return ReadAll(file, path, limit);
    }

    /// <summary>As <see cref="Read"/>; null for a file that does not exist.</summary>
    public static byte[]? TryRead(string path, int limit)
    {
        var opened = TryOpen(path);
        if (Kernel.ErrnoOf(opened) == Errno.ENOENT)
            return null;
        using var file = new FileDescriptor((int)Kernel.Check(opened, "open", path));
        return ReadAll(file, path, limit);
    }

    // Non-blocking, so that a FIFO in the place of a file cannot hold us up.
    private static long TryOpen(string path)
        => Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal);

    private static byte[] ReadAll(FileDescriptor file, string path, int limit)
    {
        Span<byte> first = stackalloc byte[8192];
        var count = ReadFully(file, first, path);
        if (count < first.Length)
            return first[..count].ToArray();
        var bytes = new byte[limit + 1];
        first.CopyTo(bytes);
        count += ReadFully(file, bytes.AsSpan(count), path);
        if (count > limit)
            throw new InsulaException(ExitCode.InvalidConfig, $"{path} is larger than {limit} bytes and is no configuration file");
        return bytes[..count];
    }

    private static int ReadFully(FileDescriptor file, Span<byte> buffer, string path)
    {
        var count = 0;
        while (count < buffer.Length)
        {
            var read = Kernel.Check(Files.TryRead(file, buffer[count..]), "read", path);
            if (read == 0)
                break;
            count += (int)read;
        }
        return count;
    }
}

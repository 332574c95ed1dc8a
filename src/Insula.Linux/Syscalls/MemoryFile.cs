namespace Insula.Linux.Syscalls;

/// <summary>Files that exist in memory only (memfd_create(2)).</summary>
public static class MemoryFile
{
    /// <summary>A file with this content, read from its beginning.</summary>
    /// <param name="name">What /proc shows.</param>
    /// <param name="content">The bytes.</param>
    public static unsafe FileDescriptor Create(string name, ReadOnlySpan<byte> content)
    {
        const int MFD_CLOEXEC = 1;
        using var text = new Utf8Text(name);
        var result = Kernel.Call(Syscall.MemfdCreate, (nint)text.Pointer, MFD_CLOEXEC);
        var file = new FileDescriptor((int)Kernel.Check(result, "create memory file", name));
        Files.WriteAll(file, content, name);
        Kernel.Check(Kernel.Call(Syscall.Lseek, file.Number, 0, 0), "rewind", name);
        return file;
    }
}

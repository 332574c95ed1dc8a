using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.FileTrees;

/// <summary>
/// Extended attributes of an open file or directory (xattr(7)): user.*, security.capability, system.posix_acl_access, ...
/// Values are bytes of any content.
/// </summary>
public static unsafe class ExtendedAttributes
{
    /// <summary>XATTR_SIZE_MAX of the kernel: the longest value, in bytes.</summary>
    public const int MaxValueLength = 65536;

    /// <summary>XATTR_NAME_MAX: the longest name, in bytes.</summary>
    public const int MaxNameLength = 255;

    /// <summary>The names of all attributes; none where the file system has no attributes.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static IReadOnlyList<string> List(FileDescriptor file, string display)
    {
        var size = Kernel.Call(Syscall.Flistxattr, file.Number, 0, 0);
        if (size is 0 or -(long)Errno.EOPNOTSUPP)
            return [];
        Kernel.Check(size, "list the extended attributes of", display);
        var buffer = new byte[MaxValueLength]; // XATTR_LIST_MAX
        long length;
        fixed (byte* start = buffer)
            length = Kernel.Check(Kernel.Call(Syscall.Flistxattr, file.Number, (nint)start, buffer.Length), "list the extended attributes of", display);
        var names = Encoding.UTF8.GetString(buffer, 0, (int)length).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>One attribute's value, or null if the file has none of that name.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static byte[]? Get(FileDescriptor file, string name, string display)
    {
        var buffer = new byte[MaxValueLength];
        using var text = new Utf8Text(name);
        fixed (byte* start = buffer)
        {
            var length = Kernel.Call(Syscall.Fgetxattr, file.Number, (nint)text.Pointer, (nint)start, buffer.Length);
            if (length is -(long)Errno.ENODATA)
                return null;
            return buffer[..(int)Kernel.Check(length, $"read extended attribute {name} of", display)];
        }
    }

    /// <summary>Sets one attribute. Gives back the kernel's own result.</summary>
    public static long TrySet(FileDescriptor file, string name, ReadOnlySpan<byte> value)
    {
        using var text = new Utf8Text(name);
        fixed (byte* start = value)
            return Kernel.Call(Syscall.Fsetxattr, file.Number, (nint)text.Pointer, (nint)start, value.Length, 0);
    }
}

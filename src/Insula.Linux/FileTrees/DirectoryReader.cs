using System.Runtime.InteropServices;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.FileTrees;

/// <summary>Lists a directory by descriptor (getdents64(2)). Names are kept as the bytes they are: they need not be UTF-8.</summary>
public static unsafe class DirectoryReader
{
    private const int BufferSize = 32768;
    private const int NameOffset = 19;
    private const int LengthOffset = 16;
    private const int TypeOffset = 18;

    /// <summary>DT_DIR.</summary>
    internal const byte TypeDirectory = 4;

    /// <summary>DT_REG.</summary>
    internal const byte TypeRegular = 8;

    /// <summary>One entry: its name with a NUL at the end, and its DT_* type (0 where the file system does not say).</summary>
    internal readonly record struct Entry(byte[] Name, byte Type)
    {
        public string DisplayName => Encoding.UTF8.GetString(Name.AsSpan(0, Name.Length - 1));
    }

    /// <summary>The names that are there now, sorted by bytes, without "." and "..".</summary>
    /// <param name="directory">Open for reading (not O_PATH), and not read before.</param>
    /// <param name="displayPath">Its path, for messages.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static List<byte[]> ReadNames(FileDescriptor directory, string displayPath)
    {
        var entries = Read(directory, displayPath);
        var names = new List<byte[]>(entries.Count);
        foreach (var entry in entries)
            names.Add(entry.Name[..^1]);
        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return names;
    }

    /// <summary>The entries that are there now, without "." and "..".</summary>
    internal static List<Entry> Read(FileDescriptor directory, string displayPath)
    {
        var entries = new List<Entry>();
        var buffer = (byte*)NativeMemory.Alloc(BufferSize);
        try
        {
            while (true)
            {
                var got = Kernel.Check(
                    Kernel.Call(Syscall.Getdents64, directory.Number, (nint)buffer, BufferSize), "list directory", displayPath);
                if (got == 0)
                    return entries;
                for (long at = 0; at < got; at += *(ushort*)(buffer + at + LengthOffset))
                {
                    var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer + at + NameOffset);
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                        entries.Add(new Entry([.. name, 0], buffer[at + TypeOffset]));
                }
            }
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }
}

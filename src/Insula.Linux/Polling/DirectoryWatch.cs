using System.Buffers.Binary;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Polling;

/// <summary>Tells which names in a directory have come or been written to (inotify(7)).</summary>
public sealed class DirectoryWatch : IDisposable
{
    private const int IN_NONBLOCK = 0x800, IN_CLOEXEC = 0x80000;
    private const uint IN_MODIFY = 0x2, IN_MOVED_TO = 0x80, IN_CREATE = 0x100, IN_Q_OVERFLOW = 0x4000, IN_ONLYDIR = 0x01000000;
    private const int HeaderSize = 16;

    private readonly byte[] _buffer = new byte[4096];

    /// <param name="directory">The directory.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public DirectoryWatch(string directory)
    {
        Descriptor = new((int)Kernel.Check(Kernel.Call(Syscall.InotifyInit1, IN_NONBLOCK | IN_CLOEXEC), "create", "an inotify queue"));
        Kernel.Check(
            Kernel.CallWithPath(Syscall.InotifyAddWatch, Descriptor.Number, directory, (nint)(IN_MODIFY | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR)),
            "watch", directory);
    }

    /// <summary>To be waited for.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The names that something happened to since the last call, each once.</summary>
    /// <param name="names">Gets them.</param>
    /// <returns>False if some were lost: anything may have happened.</returns>
    public bool Read(HashSet<string> names)
    {
        names.Clear();
        var complete = true;
        long got;
        while ((got = Files.TryRead(Descriptor, _buffer)) > 0)
        {
            var rest = _buffer.AsSpan(0, (int)got);
            while (rest.Length >= HeaderSize)
            {
                complete &= (BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]) & IN_Q_OVERFLOW) == 0;
                var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest[12..]);
                var name = rest.Slice(HeaderSize, length);
                if (length > 0)
                    names.Add(Encoding.UTF8.GetString(name[..(name.IndexOf((byte)0) is var end && end < 0 ? length : end)]));
                rest = rest[(HeaderSize + length)..];
            }
        }
        return complete;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}

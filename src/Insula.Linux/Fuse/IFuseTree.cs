using Insula.Linux.Syscalls;

namespace Insula.Linux.Fuse;

/// <summary>
/// A read-only tree of files that are made when they are read. Called by several threads at once. Nothing in it may depend on what an earlier
/// process has answered: node numbers and file handles of a server that died are asked about again here.
/// </summary>
public interface IFuseTree
{
    /// <summary>
    /// On whose account requests for a node go: the server's time is shared evenly among them, however many requests each has. Called while other
    /// requests wait, so it looks nothing up.
    /// </summary>
    ulong PartyOf(ulong id);

    /// <summary>The entry of that name.</summary>
    /// <param name="directory">The directory's number.</param>
    /// <param name="name">The name's bytes, not empty, without "/" and NUL; any bytes a program likes to ask for.</param>
    /// <param name="node">The entry.</param>
    Errno Lookup(ulong directory, ReadOnlySpan<byte> name, out FuseNode node);

    /// <summary>A node by its number.</summary>
    Errno GetNode(ulong id, out FuseNode node);

    /// <summary>A file is opened for reading. The handle comes back with each read; 0 is a handle like another.</summary>
    Errno Open(ulong id, out ulong handle);

    /// <summary>Reads from a file.</summary>
    /// <param name="id">The file's number.</param>
    /// <param name="handle">From <see cref="Open"/>, perhaps of another process.</param>
    /// <param name="offset">Where, in bytes.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="count">How many there were; fewer than asked for at the end only.</param>
    Errno Read(ulong id, ulong handle, long offset, Span<byte> buffer, out int count);

    /// <summary>A handle of <see cref="Open"/> is not used any more.</summary>
    void Release(ulong handle);

    /// <summary>Lists a directory.</summary>
    /// <param name="id">The directory's number.</param>
    /// <param name="offset">0, or the position that was written with the last entry the reader has taken.</param>
    /// <param name="writer">Takes entries until it is full.</param>
    Errno List(ulong id, long offset, ref FuseDirectoryWriter writer);
}

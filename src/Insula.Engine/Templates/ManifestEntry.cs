using Insula.Engine.Templates.Tar;
using Insula.Linux.FileTrees;

namespace Insula.Engine.Templates;

/// <summary>What a line of a layer's manifest describes; the values are the letters in the file.</summary>
internal enum ManifestKind : ushort
{
    File = 'f',
    Directory = 'd',
    SymbolicLink = 'l',
    HardLink = 'h',
    Fifo = 'p',
}

/// <summary>One entry of a layer as it was unpacked.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Its path from the layer's root, without a leading '/'.</param>
/// <param name="Mode">Permission bits (12 bits).</param>
/// <param name="User">Owner.</param>
/// <param name="Group">Group.</param>
/// <param name="Modified">mtime.</param>
/// <param name="Size">Size in bytes; 0 unless a file.</param>
/// <param name="Detail">A file's content digest, a link's target, else empty.</param>
/// <param name="Attributes">Extended attributes that were kept.</param>
internal readonly record struct ManifestEntry(
    ManifestKind Kind,
    byte[] Path,
    int Mode,
    uint User,
    uint Group,
    FileTime Modified,
    long Size,
    byte[] Detail,
    IReadOnlyList<TarAttribute> Attributes);

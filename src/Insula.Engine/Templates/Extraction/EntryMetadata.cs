using Insula.Engine.Templates.Tar;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates.Extraction;

/// <summary>Owner, mode, time and extended attributes of an entry as they will be in the layer.</summary>
internal readonly record struct EntryMetadata(uint User, uint Group, int Mode, FileTime Modified, IReadOnlyList<TarAttribute> Attributes);

/// <summary>Decides what of an entry's metadata is kept, and puts it on files.</summary>
internal sealed class MetadataPolicy(bool keepOwners, ExtractionSummary summary)
{
    /// <summary>The largest id in a container; the layer is mapped to each container's range of 65,536 ids.</summary>
    public const long MaxId = 65535;

    /// <summary>What an id that is not mapped shows as in a user namespace (kernel.overflowuid).</summary>
    public const uint OverflowId = 65534;

    /// <summary>What an entry's metadata becomes.</summary>
    public EntryMetadata Decide(TarEntry entry)
    {
        var (user, group) = (Id(entry.User, out var userChanged), Id(entry.Group, out var groupChanged));
        if (userChanged || groupChanged)
            summary.RemappedOwners++;
        return new EntryMetadata(user, group, entry.Mode, entry.Modified, Keep(entry));
    }

    /// <summary>
    /// Puts metadata on an open file or directory. The order matters: chown(2) clears setuid bits and file capabilities.
    /// </summary>
    /// <returns>The metadata as it is now: without attributes that the file system cannot hold.</returns>
    public EntryMetadata Apply(FileDescriptor file, EntryMetadata metadata, string display)
    {
        if (keepOwners)
            Kernel.Check(DirectoryCalls.TryChangeOwner(file, metadata.User, metadata.Group), "set the owner of", display);
        Kernel.Check(DirectoryCalls.TryChangeMode(file, metadata.Mode), "set the mode of", display);
        var kept = metadata.Attributes;
        foreach (var attribute in metadata.Attributes)
        {
            if (!SetAttribute(file, attribute, display))
                kept = [.. kept.Where(other => other.Name != attribute.Name)];
        }

        Kernel.Check(DirectoryCalls.TrySetTime(file, metadata.Modified), "set the time of", display);
        return metadata with { Attributes = kept };
    }

    /// <summary>Puts owner and time on a symbolic link or FIFO that has just been made, and a FIFO's mode.</summary>
    public void Apply(FileDescriptor parent, ReadOnlySpan<byte> name, EntryMetadata metadata, bool withMode, string display)
    {
        if (keepOwners)
            Kernel.Check(DirectoryCalls.TryChangeOwner(parent, name, metadata.User, metadata.Group), "set the owner of", display);
        if (withMode)
            Kernel.Check(DirectoryCalls.TryChangeMode(parent, name, metadata.Mode), "set the mode of", display);
        Kernel.Check(DirectoryCalls.TrySetTime(parent, name, metadata.Modified), "set the time of", display);
    }

    private bool SetAttribute(FileDescriptor file, TarAttribute attribute, string display)
    {
        var error = Kernel.ErrnoOf(ExtendedAttributes.TrySet(file, attribute.Name, attribute.Value));
        switch (error)
        {
            case Errno.None:
                return true;
            case Errno.EOPNOTSUPP or Errno.EPERM or Errno.EACCES when !keepOwners || error == Errno.EOPNOTSUPP:
                summary.SkippedAttributes++;
                return false;
            case Errno.EINVAL or Errno.E2BIG or Errno.ERANGE:
                throw new ArchiveException($"its extended attribute {attribute.Name} is malformed");
            default:
                throw new LinuxException($"set extended attribute {attribute.Name} of", display, error);
        }
    }

    private static uint Id(long id, out bool changed)
    {
        changed = id is < 0 or > MaxId;
        return changed ? OverflowId : (uint)id;
    }

    private List<TarAttribute> Keep(TarEntry entry)
    {
        var kept = new List<TarAttribute>();
        // Only files and directories can be opened to have attributes set; the kernel allows user.* on nothing else anyway.
        if (entry.Kind is not (TarEntryKind.File or TarEntryKind.Directory))
            return kept;
        foreach (var attribute in entry.Attributes)
        {
            if (IsKept(attribute.Name))
                kept.Add(attribute.Name == "security.capability" ? attribute with { Value = PlainCapability(attribute.Value) } : attribute);
            else
                summary.SkippedAttributes++;
        }

        return kept;
    }

    private static bool IsKept(string name) => name.Length <= ExtendedAttributes.MaxNameLength && !name.Contains('\0', StringComparison.Ordinal)
        && (name is "security.capability" or "system.posix_acl_access" or "system.posix_acl_default"
            || (name.StartsWith("user.", StringComparison.Ordinal) && name.Length > 5));

    // struct vfs_ns_cap_data (linux/capability.h): version 3 ends with the host id of the root it is for. In a layer that root
    // is always the container's own, which version 2 says: first word 0x02000000 plus flags, and 20 bytes instead of 24.
    private static byte[] PlainCapability(byte[] value)
    {
        const int version2Length = 20, version3Length = 24;
        if (value.Length != version3Length || value[3] != 3)
            return value;
        var plain = value[..version2Length];
        plain[3] = 2;
        return plain;
    }
}

using System.Buffers.Text;
using System.Globalization;
using Insula.Engine.Containers;
using Insula.Linux.Cgroups;
using Insula.Linux.Fuse;
using Insula.Linux.Syscalls;

namespace Insula.Engine.ProcFs;

/// <summary>A directory for each running container, with its virtual files: <c>101/proc/meminfo</c>.</summary>
/// <param name="containers">The running containers.</param>
public sealed class ProcTree(IContainerViews containers) : IFuseTree
{
    // A node's number is the container's, and below it the entry's: 101 << 16 | 3. The root is 1, which is no container's. The highest bits are of
    // the owner: what the kernel remembers of a destroyed container's files is not taken for those of one that got its number.
    private const int EntryBits = 16, OwnerShift = 48;
    private const ulong ContainerMask = (1UL << (OwnerShift - EntryBits)) - 1;
    private const uint OneHour = 3600, OneSecond = 1;
    private const int PageSize = 4096;
    private const uint DirectoryMode = FuseNode.Directory | 0x16D; // 0555

    private readonly VirtualSnapshots _snapshots = new();

    /// <inheritdoc/>
    public ulong PartyOf(ulong id) => (id >> EntryBits) & ContainerMask;

    /// <inheritdoc/>
    public Errno Lookup(ulong directory, ReadOnlySpan<byte> name, out FuseNode node)
    {
        if (directory == FuseNode.RootId)
            return LookupContainer(name, out node);
        node = default;
        if (Split(directory) is not var (ctid, entry) || containers.OwnerOf(ctid) is not { } owner)
            return Errno.ENOENT;
        var found = VirtualPaths.Find(entry.Index, ctid, name);
        if (found is null && containers.Find(ctid) is { } view)
            found = ProcessorEntries.Find(entry.Index, name, ProcessorsOf(view));
        if (found is null)
            return Errno.ENOENT;
        node = NodeOf(ctid, owner, found);
        return Errno.None;
    }

    /// <inheritdoc/>
    public Errno GetNode(ulong id, out FuseNode node)
    {
        if (id == FuseNode.RootId)
        {
            node = new FuseNode(id, DirectoryMode, 0, 0, OneSecond);
            return Errno.None;
        }
        node = default;
        if (Split(id) is not var (ctid, entry) || containers.OwnerOf(ctid) is not { } owner)
            return Errno.ENOENT;
        node = NodeOf(ctid, owner, entry);
        return Errno.None;
    }

    /// <inheritdoc/>
    public Errno Open(ulong id, out ulong handle)
    {
        handle = 0;
        if (Split(id) is not var (ctid, entry) || containers.Find(ctid) is null)
            return Errno.ENOENT;
        if (entry.File is null)
            return Errno.EISDIR;
        handle = _snapshots.Open();
        return Errno.None;
    }

    /// <inheritdoc/>
    public Errno Read(ulong id, ulong handle, long offset, Span<byte> buffer, out int count)
    {
        count = 0;
        if (Split(id) is not var (ctid, entry) || containers.Find(ctid) is not { } view)
            return Errno.ENOENT;
        if (entry.File is null)
            return Errno.EISDIR;
        try
        {
            var text = _snapshots.Text(handle, offset, buffer.Length, view, entry.Index, entry.File);
            if (offset >= text.Length)
                return Errno.None;
            count = (int)Math.Min(buffer.Length, text.Length - offset);
            text.AsSpan((int)offset, count).CopyTo(buffer);
            return Errno.None;
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV or Errno.ESRCH)
        {
            // It ended while its figures were being read.
            return Errno.ENOENT;
        }
    }

    /// <inheritdoc/>
    public void Release(ulong handle) => _snapshots.Release(handle);

    /// <inheritdoc/>
    public Errno List(ulong id, long offset, ref FuseDirectoryWriter writer)
    {
        if (id == FuseNode.RootId)
        {
            ListContainers(offset, ref writer);
            return Errno.None;
        }
        if (Split(id) is not var (ctid, directory) || containers.OwnerOf(ctid) is not { } owner)
            return Errno.ENOENT;
        if (directory.File is not null)
            return Errno.ENOTDIR;
        // The position behind an entry is its number plus one; numbers in a directory ascend.
        foreach (var entry in EntriesOf(ctid, directory))
        {
            if (entry.Index < offset)
                continue;
            if (!writer.TryAdd(NodeOf(ctid, owner, entry), entry.NameIn(ctid), entry.Index + 1))
                break;
        }
        return Errno.None;
    }

    /// <summary>Forgets what nobody reads any more; to be called now and then.</summary>
    public void Tidy() => _snapshots.ForgetOld();

    private IEnumerable<VirtualPaths.Entry> EntriesOf(Ctid ctid, VirtualPaths.Entry directory)
    {
        var fixedOnes = VirtualPaths.All.Where(entry => entry.Index != 0 && entry.Parent == directory.Index && entry.File is not { IsPresent: false });
        return containers.Find(ctid) is { } view ? fixedOnes.Concat(ProcessorEntries.In(directory.Index, ProcessorsOf(view))) : fixedOnes;
    }

    private static CpuSet ProcessorsOf(IContainerView view)
    {
        try
        {
            return view.Processors;
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return CpuSet.Empty; // It has just ended.
        }
    }

    private Errno LookupContainer(ReadOnlySpan<byte> name, out FuseNode node)
    {
        node = default;
        if (!Utf8Parser.TryParse(name, out int number, out var used) || used != name.Length || number <= 0 || name[0] == '0')
            return Errno.ENOENT;
        var ctid = new Ctid(number);
        if (containers.OwnerOf(ctid) is not { } owner)
            return Errno.ENOENT;
        node = NodeOf(ctid, owner, VirtualPaths.All[0]);
        return Errno.None;
    }

    private void ListContainers(long offset, ref FuseDirectoryWriter writer)
    {
        Span<byte> name = stackalloc byte[16];
        foreach (var ctid in containers.List())
        {
            if (ctid.Value < offset || containers.OwnerOf(ctid) is not { } owner)
                continue;
            ctid.Value.TryFormat(name, out var length, default, CultureInfo.InvariantCulture);
            if (!writer.TryAdd(NodeOf(ctid, owner, VirtualPaths.All[0]), name[..length], ctid.Value + 1L))
                return;
        }
    }

    private static (Ctid Ctid, VirtualPaths.Entry Entry)? Split(ulong id)
    {
        var number = (id >> EntryBits) & ContainerMask;
        var index = (int)(id & ((1 << EntryBits) - 1));
        return number is 0 or > int.MaxValue || (VirtualPaths.Find(index) ?? ProcessorEntries.Find(index)) is not { } entry
            ? null
            : (new Ctid((int)number), entry);
    }

    private FuseNode NodeOf(Ctid ctid, ContainerOwner owner, VirtualPaths.Entry entry)
    {
        var id = ((ulong)(owner.User >> 16) << OwnerShift) | ((ulong)ctid.Value << EntryBits) | (uint)entry.Index;
        // The container's own directory comes and goes with it, a processor's as it may use it; what is below is the same for ever.
        var valid = entry.Index == 0 || ProcessorEntries.IsProcessor(entry.Index) ? OneSecond : OneHour;
        var mode = entry.File is { } file ? FuseNode.RegularFile | file.Mode : DirectoryMode;
        return new FuseNode(id, mode, owner.User, owner.Group, valid) { Size = SizeOf(ctid, entry) };
    }

    // As in sysfs, files are a page long as far as stat(2) is concerned; programs are used to reading less (tail, wc). Only longer ones have their
    // length computed, so that sendfile(2) does not end before them.
    private long SizeOf(Ctid ctid, VirtualPaths.Entry entry)
    {
        if (entry.File is not { } file)
            return 0;
        if (!file.MayBeLong || containers.Find(ctid) is not { } view)
            return PageSize;
        try
        {
            return Math.Max(PageSize, _snapshots.Present(view, entry.Index, file).Length);
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV or Errno.ESRCH)
        {
            return PageSize;
        }
    }
}

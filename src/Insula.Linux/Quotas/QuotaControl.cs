using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Quotas;

/// <summary>
/// The quotas of a mounted ext4 or xfs, by quotactl_fd(2) (Linux 5.14), which names the file system by an open file of it, so that no
/// device node has to be found.
/// </summary>
/// <param name="file">A file or directory of the file system; the caller keeps it open.</param>
/// <param name="display">Its path, for messages.</param>
public sealed unsafe class QuotaControl(FileDescriptor file, string display)
{
    internal const int Q_GETINFO = 0x800005, Q_SETINFO = 0x800006, Q_GETQUOTA = 0x800007, Q_SETQUOTA = 0x800008, Q_GETNEXTQUOTA = 0x800009;
    internal const int Q_SYNC = 0x800001, Q_QUOTAON = 0x800002, Q_QUOTAOFF = 0x800003, Q_GETFMT = 0x800004;
    internal const int Q_XGETQSTAT = 0x5805, Q_XGETQSTATV = 0x5808;
    internal const uint QIF_LIMITS = 5, QIF_SPACE = 2, QIF_INODES = 8, IIF_BGRACE = 1, IIF_IGRACE = 2;
    internal const int FS_QUOTA_UDQ_ENFD = 2, FS_QUOTA_GDQ_ENFD = 8, FS_QUOTA_PDQ_ENFD = 32;
    internal const int SubCommandShift = 8;
    private const sbyte StateVersion = 1;

    /// <summary>
    /// True if the kernel knows the format that ext4 keeps quotas in, as part of itself or as a module it has loaded or can (quota_v2).
    /// </summary>
    // A stock kernel loads the module when ext4 asks for it.
    public static bool HasFormat => Directory.Exists("/proc/sys/fs/quota") && (HasSymbol() || HasModule());

    /// <summary>True if the file system counts and refuses by quotas of a kind: it has them, and was mounted to enforce them.</summary>
    public bool IsEnforced(QuotaKind kind)
    {
        State state = default;
        state.Version = StateVersion;
        if (Call(Q_XGETQSTATV, kind, 0, &state) < 0)
            return false;
        return (state.Flags & EnforcedFlag(kind)) != 0;
    }

    /// <summary>An id's quota; one that was never used and never limited reads as nothing used, nothing limited.</summary>
    /// <exception cref="LinuxException">ESRCH: the file system has no quotas of that kind.</exception>
    public QuotaRecord Read(QuotaKind kind, uint id)
    {
        Block block = default;
        var result = Call(Q_GETQUOTA, kind, id, &block);
        if (Kernel.ErrnoOf(result) == Errno.ENOENT) // xfs: nothing of this id yet
            return default;
        Kernel.Check(result, $"read the quota of {Word(kind)} {id} on", display);
        return block.ToRecord();
    }

    /// <summary>Sets an id's limits; what it uses above them stays, and it gets no more.</summary>
    /// <exception cref="LinuxException">ESRCH: as above. ERANGE: a limit is larger than the file system can note.</exception>
    public void SetLimits(QuotaKind kind, uint id, QuotaRecord limits)
    {
        var block = new Block
        {
            HardBlocks = (ulong)limits.HardKiB,
            SoftBlocks = (ulong)limits.SoftKiB,
            HardInodes = (ulong)limits.HardInodes,
            SoftInodes = (ulong)limits.SoftInodes,
            Valid = QIF_LIMITS,
        };
        Kernel.Check(Call(Q_SETQUOTA, kind, id, &block), $"limit {Word(kind)} {id} on", display);
    }

    /// <summary>How long use may be above soft limits: one time for space and one for inodes, for all ids of the file system, in seconds.</summary>
    public (long Space, long Inodes) ReadGrace(QuotaKind kind)
    {
        Information information = default;
        Kernel.Check(Call(Q_GETINFO, kind, 0, &information), "read the grace times of", display);
        return ((long)information.SpaceGrace, (long)information.InodeGrace);
    }

    /// <summary>Sets the grace times, for all ids. An id that is above a soft limit already keeps the end it was given.</summary>
    public void SetGrace(QuotaKind kind, long space, long inodes)
    {
        var information = new Information { SpaceGrace = (ulong)space, InodeGrace = (ulong)inodes, Valid = IIF_BGRACE | IIF_IGRACE };
        Kernel.Check(Call(Q_SETINFO, kind, 0, &information), "set the grace times of", display);
    }

    /// <summary>Every id that uses or may use something, ascending.</summary>
    public IEnumerable<(uint Id, QuotaRecord Quota)> All(QuotaKind kind)
    {
        uint next = 0;
        while (TryReadFrom(kind, next, out var id, out var record))
        {
            yield return (id, record);
            if (id == uint.MaxValue)
                yield break;
            next = id + 1;
        }
    }

    /// <summary>Makes a call as it stands, for somebody else; <see cref="QuotaCommand"/> says what it takes and gives.</summary>
    public Errno TryCall(int command, QuotaKind kind, uint id, Span<byte> argument)
    {
        fixed (byte* start = argument)
            return Kernel.ErrnoOf(Call(command, kind, id, start));
    }

    private bool TryReadFrom(QuotaKind kind, uint from, out uint id, out QuotaRecord record)
    {
        Block block = default;
        var result = Call(Q_GETNEXTQUOTA, kind, from, &block);
        (id, record) = (block.Id, block.ToRecord());
        if (Kernel.ErrnoOf(result) is Errno.ENOENT or Errno.ESRCH)
            return false;
        Kernel.Check(result, "list the quotas of", display);
        return true;
    }

    private static bool HasSymbol() => Directory.Exists("/sys/module/quota_v2") || File.ReadLines("/proc/kallsyms").Any(line => line.Contains(" v2_check_quota_file", StringComparison.Ordinal));

    private static bool HasModule()
    {
        var release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var list = $"/lib/modules/{release}/modules.dep";
        return File.Exists(list) && File.ReadLines(list).Any(line => line.Contains("/quota_v2.ko", StringComparison.Ordinal));
    }

    private static int EnforcedFlag(QuotaKind kind) => kind switch
    {
        QuotaKind.User => FS_QUOTA_UDQ_ENFD,
        QuotaKind.Group => FS_QUOTA_GDQ_ENFD,
        _ => FS_QUOTA_PDQ_ENFD,
    };

    private long Call(int command, QuotaKind kind, uint id, void* argument)
        => Kernel.Call(Syscall.QuotactlFd, file.Number, (command << SubCommandShift) | (int)kind, (nint)id, (nint)argument);

    private static string Word(QuotaKind kind) => kind switch
    {
        QuotaKind.User => "user",
        QuotaKind.Group => "group",
        _ => "project",
    };

    // struct if_nextdqblk of linux/quota.h; the first 72 bytes are struct if_dqblk. Space limits are in 1024 bytes, space used in bytes.
    [StructLayout(LayoutKind.Sequential)]
    internal struct Block
    {
        public ulong HardBlocks;
        public ulong SoftBlocks;
        public ulong UsedBytes;
        public ulong HardInodes;
        public ulong SoftInodes;
        public ulong UsedInodes;
        public ulong SpaceTime;
        public ulong InodeTime;
        public uint Valid;
        public uint Id;

        public readonly QuotaRecord ToRecord() => new(
            (long)UsedBytes, (long)SoftBlocks, (long)HardBlocks, (long)SpaceTime, (long)UsedInodes, (long)SoftInodes, (long)HardInodes, (long)InodeTime);
    }

    // struct if_dqinfo
    [StructLayout(LayoutKind.Sequential)]
    internal struct Information
    {
        public ulong SpaceGrace;
        public ulong InodeGrace;
        public uint Flags;
        public uint Valid;
    }

    // struct fs_quota_statv of linux/dqblk_xfs.h, which ext4 fills in as well
    [StructLayout(LayoutKind.Explicit, Size = 160)]
    internal struct State
    {
        [FieldOffset(0)]
        public sbyte Version;

        [FieldOffset(2)]
        public ushort Flags;
    }
}

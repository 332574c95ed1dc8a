namespace Insula.Linux.Quotas;

/// <summary>A call of quotactl(2) that is made for somebody else (linux/quota.h, linux/dqblk_xfs.h).</summary>
/// <param name="Number">Q_GETQUOTA and its like.</param>
/// <param name="Right">Who may make it, as check_quotactl_permission() of the kernel has it.</param>
/// <param name="Size">Bytes of its argument.</param>
/// <param name="CompatSize">The same for a 32-bit program; -1: the structures differ.</param>
/// <param name="Takes">The argument is read.</param>
/// <param name="Gives">The argument is written.</param>
public readonly record struct QuotaCommand(int Number, QuotaRight Right, int Size, int CompatSize, bool Takes, bool Gives)
{
    // struct if_dqblk ends with padding where 64-bit numbers are aligned, and is shorter by it elsewhere; struct fs_quota_stat has some in the middle.
    internal const int SizeOfBlock = 72, SizeOfCompatBlock = 68, SizeOfNextBlock = 72, SizeOfInformation = 24, SizeOfFormat = 4, SizeOfStat = 80, SizeOfState = 160;

    private static readonly QuotaCommand[] All =
    [
        new(QuotaControl.Q_SYNC, QuotaRight.Anyone, 0, 0, Takes: false, Gives: false),
        new(QuotaControl.Q_QUOTAON, QuotaRight.Nobody, 0, 0, Takes: false, Gives: false),
        new(QuotaControl.Q_QUOTAOFF, QuotaRight.Nobody, 0, 0, Takes: false, Gives: false),
        new(QuotaControl.Q_GETFMT, QuotaRight.Anyone, SizeOfFormat, SizeOfFormat, Takes: false, Gives: true),
        new(QuotaControl.Q_GETINFO, QuotaRight.Anyone, SizeOfInformation, SizeOfInformation, Takes: false, Gives: true),
        new(QuotaControl.Q_SETINFO, QuotaRight.Root, SizeOfInformation, SizeOfInformation, Takes: true, Gives: false),
        new(QuotaControl.Q_GETQUOTA, QuotaRight.Own, SizeOfBlock, SizeOfCompatBlock, Takes: false, Gives: true),
        new(QuotaControl.Q_SETQUOTA, QuotaRight.Root, SizeOfBlock, SizeOfCompatBlock, Takes: true, Gives: false),
        new(QuotaControl.Q_GETNEXTQUOTA, QuotaRight.Root, SizeOfNextBlock, SizeOfNextBlock, Takes: false, Gives: true),
        new(QuotaControl.Q_XGETQSTAT, QuotaRight.Anyone, SizeOfStat, -1, Takes: false, Gives: true),
        new(QuotaControl.Q_XGETQSTATV, QuotaRight.Anyone, SizeOfState, SizeOfState, Takes: true, Gives: true),
    ];

    /// <summary>The largest argument, in bytes.</summary>
    public const int Largest = SizeOfState;

    /// <summary>True if it is about one id.</summary>
    public bool HasId => Number is QuotaControl.Q_GETQUOTA or QuotaControl.Q_SETQUOTA or QuotaControl.Q_GETNEXTQUOTA;

    /// <summary>True if it gives the next id that there is.</summary>
    public bool GivesId => Number == QuotaControl.Q_GETNEXTQUOTA;

    /// <summary>True if it does nothing but write out what is in memory.</summary>
    public bool IsSync => Number == QuotaControl.Q_SYNC;

    /// <summary>Takes the first argument of quotactl(2) apart. False if it is no call that can be made for somebody else.</summary>
    public static bool TryParse(uint word, out QuotaCommand command, out QuotaKind kind)
    {
        const uint kindMask = (1u << QuotaControl.SubCommandShift) - 1;
        kind = (QuotaKind)(word & kindMask);
        foreach (var known in All)
        {
            command = known;
            if (known.Number == word >> QuotaControl.SubCommandShift && kind <= QuotaKind.Project)
                return true;
        }
        command = default;
        return false;
    }

    /// <summary>The id in what <see cref="GivesId"/> gave.</summary>
    public static uint IdIn(ReadOnlySpan<byte> block) => BitConverter.ToUInt32(block[SizeOfCompatBlock..]);

    /// <summary>Writes it there.</summary>
    public static void SetId(Span<byte> block, uint id) => BitConverter.TryWriteBytes(block[SizeOfCompatBlock..], id);

    /// <summary>True if what sets a quota would change more than limits and times (QIF_SPACE, QIF_INODES): what is counted as used.</summary>
    public bool SetsUsage(ReadOnlySpan<byte> block)
        => Number == QuotaControl.Q_SETQUOTA && (BitConverter.ToUInt32(block[(SizeOfCompatBlock - sizeof(uint))..]) & (QuotaControl.QIF_SPACE | QuotaControl.QIF_INODES)) != 0;
}

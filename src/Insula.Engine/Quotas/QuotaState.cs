using Insula.Linux.Quotas;

namespace Insula.Engine.Quotas;

/// <summary>One resource of a quota: space in blocks of 1024 bytes, or inodes.</summary>
/// <param name="Usage">In use.</param>
/// <param name="Soft">Soft limit; 0 for none.</param>
/// <param name="Hard">Hard limit; 0 for none.</param>
/// <param name="Expires">When use above the soft limit will be refused, seconds since 1970; 0: it is not above it.</param>
/// <param name="Grace">The grace time in seconds.</param>
public readonly record struct QuotaAmount(long Usage, long Soft, long Hard, long Expires, long Grace);

/// <summary>What a container uses of its disk and what it may.</summary>
/// <param name="Space">Space.</param>
/// <param name="Inodes">Files and directories.</param>
public readonly record struct QuotaState(QuotaAmount Space, QuotaAmount Inodes)
{
    internal static QuotaState Of(QuotaRecord record, long spaceGrace, long inodeGrace) => new(
        new QuotaAmount((record.UsedBytes + 1023) / 1024, record.SoftKiB, record.HardKiB, record.SpaceExpires, spaceGrace),
        new QuotaAmount(record.Inodes, record.SoftInodes, record.HardInodes, record.InodesExpire, inodeGrace));
}

namespace Insula.Linux.Quotas;

/// <summary>One quota as the kernel keeps it. Limits of 0 are none.</summary>
/// <param name="UsedBytes">Bytes in use.</param>
/// <param name="SoftKiB">Soft limit of space, in blocks of 1024 bytes.</param>
/// <param name="HardKiB">Hard limit of space.</param>
/// <param name="SpaceExpires">When use above the soft limit will be refused, seconds since 1970; 0: not above it.</param>
/// <param name="Inodes">Inodes in use.</param>
/// <param name="SoftInodes">Soft limit of inodes.</param>
/// <param name="HardInodes">Hard limit of inodes.</param>
/// <param name="InodesExpire">When more inodes than the soft limit will be refused; 0: not above it.</param>
public readonly record struct QuotaRecord(
    long UsedBytes, long SoftKiB, long HardKiB, long SpaceExpires, long Inodes, long SoftInodes, long HardInodes, long InodesExpire);

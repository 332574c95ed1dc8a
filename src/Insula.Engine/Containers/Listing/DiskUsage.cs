namespace Insula.Engine.Containers.Listing;

/// <summary>What a container uses of its disk.</summary>
/// <param name="KiB">Blocks of 1024 bytes.</param>
/// <param name="Inodes">Files and directories; null where nobody counts them.</param>
public readonly record struct DiskUsage(long KiB, long? Inodes);

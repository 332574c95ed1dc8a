namespace Insula.Engine.Host;

/// <summary>What is found of the directory that holds the containers' private areas.</summary>
/// <param name="FileSystem">The type of its file system: ext4; empty if it cannot be told.</param>
/// <param name="Devices">The names of the devices it is on: "sda"; empty if they cannot be told.</param>
/// <param name="WhyNoLimits">Why disk throughput cannot be limited on them; null if it can.</param>
/// <param name="WeighedBy">What divides their time by weight: "bfq on sda"; null if nothing does.</param>
/// <param name="WhyNoWeights">Why nothing does; null if something does.</param>
/// <param name="Quota">What limits the space of single directories: "project quota", "btrfs qgroup"; null if nothing does.</param>
/// <param name="WhyNoQuota">Why nothing does; null if something does.</param>
public sealed record DataView(
    string FileSystem, string Devices, string? WhyNoLimits, string? WeighedBy, string? WhyNoWeights, string? Quota, string? WhyNoQuota);

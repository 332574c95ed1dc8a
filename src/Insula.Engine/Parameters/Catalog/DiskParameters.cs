using Insula.Engine.Parameters.Kinds;
using static Insula.Engine.Parameters.Catalog.Grammar;

namespace Insula.Engine.Parameters.Catalog;

/// <summary>Disk space, inodes and input/output.</summary>
public static class DiskParameters
{
    public static readonly ParameterDeclaration<StorageLayout> Layout = new("VE_LAYOUT", new StorageLayoutKind(), ParameterGroup.Disk,
        "How the container's files are kept: overlay, dir or image")
    {
        Change = ChangeMoment.CreateOnly,
        Options = [new("layout", "overlay|dir|image", "Keep files over the shared template, as a private copy, or over the template in a disk image (ploop means image)") { Aliases = ["ve_layout", "velayout"], OnSet = false, OnCreate = true }],
        ListFields = [new("layout", "LAYOUT", 6)],
    };

    public static readonly ParameterDeclaration<BarrierLimit> DiskSpace = new("DISKSPACE", new BarrierLimitKind(ResourceUnit.KiB, allowUnlimited: false, ordered: true), ParameterGroup.Disk,
        "Soft and hard limit of disk space")
    {
        Unit = "KiB",
        Options = [new("diskspace", "N[:N]", "Set soft and hard limit of disk space") { OnCreate = true }],
    };

    public static readonly ParameterDeclaration<BarrierLimit> DiskInodes = new("DISKINODES", new BarrierLimitKind(ResourceUnit.Items, allowUnlimited: false, ordered: true), ParameterGroup.Disk,
        "Soft and hard limit of files and directories")
    {
        Unit = "inodes",
        Options = [new("diskinodes", "N[:N]", "Set soft and hard limit of files and directories") { OnCreate = true }],
    };

    public static readonly ParameterDeclaration<long> QuotaTime = new("QUOTATIME", Seconds, ParameterGroup.Disk,
        "How long usage may be above the soft limits")
    {
        Unit = "seconds",
        Options = [new("quotatime", "SECONDS", "Set how long usage may be above the soft limits")],
    };

    public static readonly ParameterDeclaration<long> QuotaUgidLimit = new("QUOTAUGIDLIMIT", new IntegerKind(0, uint.MaxValue), ParameterGroup.Disk,
        "Most users and groups with a quota inside; 0: none")
    {
        Unit = "ids",
        Change = ChangeMoment.Restart,
        Options = [new("quotaugidlimit", "N", "Set how many users and groups may have a quota inside; 0: none")],
    };

    public static readonly ParameterDeclaration<bool> DiskQuota = new("DISK_QUOTA", YesNo, ParameterGroup.Disk,
        "Whether the limits of disk space and inodes are enforced")
    {
        Default = "yes",
        Change = ChangeMoment.Restart,
        Options = [new("diskquota", "yes|no", "Enforce the limits of disk space and inodes")],
    };

    public static readonly ParameterDeclaration<long> IoPriority = new("IOPRIO", new IntegerKind(0, 7), ParameterGroup.Io,
        "Priority of disk input and output, 7 is the highest")
    {
        Default = "4",
        Options = [new("ioprio", "0-7", "Set the priority of disk input and output; 7 is the highest")],
        ListFields = [new("ioprio", "IOP", 3)],
    };

    public static readonly ParameterDeclaration<long> IoLimit = new("IOLIMIT", new IoLimitKind(megabytes: false), ParameterGroup.Io,
        "Most disk input and output; 0: no limit")
    {
        Default = "0",
        Unit = "bytes per second",
        Options = [new("iolimit", "N[BKMG]", "Limit disk throughput, in MB per second without suffix; 0: no limit") { CommandLineKind = new IoLimitKind(megabytes: true) }],
        ListFields = [new("iolimit", "IOLIMIT", 10)],
    };

    public static readonly ParameterDeclaration<long> IopsLimit = new("IOPSLIMIT", new IntegerKind(0, int.MaxValue, unlimited: 0), ParameterGroup.Io,
        "Most disk operations; 0: no limit")
    {
        Default = "0",
        Unit = "operations per second",
        Options = [new("iopslimit", "N", "Limit disk operations per second; 0: no limit")],
        ListFields = [new("iopslimit", "IOPS", 4)],
    };

    internal static ParameterDeclaration[] All => [Layout, DiskSpace, DiskInodes, QuotaTime, QuotaUgidLimit, DiskQuota, IoPriority, IoLimit, IopsLimit];
}

using Insula.Engine.Parameters.Kinds;
using Insula.Linux.Processes;

namespace Insula.Engine.Parameters.Catalog;

/// <summary>The kinds that several declarations share.</summary>
internal static class Grammar
{
    public static readonly BarrierLimitKind Items = new(ResourceUnit.Items);
    public static readonly BarrierLimitKind FilterRules = new(ResourceUnit.Items) { Least = 16 };
    public static readonly BarrierLimitKind Pages = new(ResourceUnit.Pages);
    public static readonly BarrierLimitKind Bytes = new(ResourceUnit.Bytes);
    public static readonly MemorySizeKind MemorySize = new();
    public static readonly YesNoKind YesNo = new();
    public static readonly PathKind HostPath = new();
    public static readonly FileNameKind FileName = new();
    public static readonly IntegerKind Seconds = new(0, int.MaxValue);

    /// <summary>OpenVZ's ve_admin, which stands for two capabilities, then the kernel's own names, which come later and so override it.</summary>
    public static readonly IReadOnlyList<string> Capabilities = ["ve_admin", .. CapabilityNames.All];

    /// <summary>The features of OpenVZ's vzctl(8); "time" is Virtuozzo 7's, "sysinfo" is ours.</summary>
    public static readonly IReadOnlyList<string> Features = ["sysfs", "nfs", "sit", "ipip", "ppp", "ipgre", "bridge", "nfsd", "time", "sysinfo"];
}

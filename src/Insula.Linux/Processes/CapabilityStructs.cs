using System.Runtime.InteropServices;

namespace Insula.Linux.Processes;

/// <summary>struct __user_cap_header_struct of linux/capability.h, the first argument of capget(2) and capset(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilityHeader
{
    /// <summary>_LINUX_CAPABILITY_VERSION_3: 64 bits, in two data structures.</summary>
    public const uint Version3 = 0x20080522;

    /// <summary>The version of the interface.</summary>
    public uint Version;

    /// <summary>0 for the caller.</summary>
    public int Pid;
}

/// <summary>
/// The two struct __user_cap_data_struct that version 3 takes: bits 0 to 31 of each set, then bits 32 to 63.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilityData
{
    /// <summary>Bits 0 to 31 of what the thread may do now.</summary>
    public uint EffectiveLow;

    /// <summary>Bits 0 to 31 of what it may make effective.</summary>
    public uint PermittedLow;

    /// <summary>Bits 0 to 31 of what a program with matching file capabilities keeps.</summary>
    public uint InheritableLow;

    /// <summary>Bits 32 to 63.</summary>
    public uint EffectiveHigh;

    /// <summary>Bits 32 to 63.</summary>
    public uint PermittedHigh;

    /// <summary>Bits 32 to 63.</summary>
    public uint InheritableHigh;

    /// <summary>Lays three sets out as capset(2) takes them.</summary>
    public static CapabilityData From(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) => new()
    {
        EffectiveLow = (uint)effective.Mask,
        PermittedLow = (uint)permitted.Mask,
        InheritableLow = (uint)inheritable.Mask,
        EffectiveHigh = (uint)(effective.Mask >> 32),
        PermittedHigh = (uint)(permitted.Mask >> 32),
        InheritableHigh = (uint)(inheritable.Mask >> 32),
    };

    /// <summary>The bytes for a launch plan: <see cref="CapabilityHeader"/> for the caller.</summary>
    public static byte[] HeaderBytes()
    {
        var header = new CapabilityHeader { Version = CapabilityHeader.Version3 };
        return MemoryMarshal.AsBytes(new ReadOnlySpan<CapabilityHeader>(in header)).ToArray();
    }

    /// <summary>The bytes for a launch plan.</summary>
    public byte[] ToBytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<CapabilityData>(in this)).ToArray();
}

/// <summary>The prctl(2) operations on capabilities (linux/prctl.h).</summary>
public static class CapabilityControl
{
    /// <summary>PR_CAPBSET_READ: 1 if the capability is in the bounding set.</summary>
    public const int BoundingRead = 23;

    /// <summary>PR_CAPBSET_DROP: takes one capability out of the bounding set for good. Needs CAP_SETPCAP.</summary>
    public const int BoundingDrop = 24;

    /// <summary>PR_SET_KEEPCAPS.</summary>
    public const int SetKeepCapabilities = 8;

    /// <summary>PR_CAP_AMBIENT, with one of the PR_CAP_AMBIENT_* as second argument.</summary>
    public const int Ambient = 47;

    /// <summary>PR_CAP_AMBIENT_CLEAR_ALL.</summary>
    public const int AmbientClearAll = 4;
}

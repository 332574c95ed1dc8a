using System.Runtime.InteropServices;

namespace Insula.Linux.Launch;

/// <summary>One call as the walker reads it; nine words, layout fixed by eng/walker.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PlannedCall
{
    public long Number;
    public fixed long Arguments[6];
    public long Mode;
    public long** StoreResultAt;
}

/// <summary>What a step's result means to the walker.</summary>
public enum StepMode
{
    /// <summary>An error ends the child and is reported with the step.</summary>
    Required = 0,

    /// <summary>An error is passed over.</summary>
    Optional = 1,

    /// <summary>Zero ends the child as well: a read that finds the pipe closed.</summary>
    NonZero = 2,

    /// <summary>The call clones: the caller leaves quietly, its child walks on.</summary>
    Fork = 3,
}

using System.Runtime.CompilerServices;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>One resource in the account that programs and commands share. Programs change it by atomic operations only.</summary>
internal struct BpfAccountRow
{
    public long Held;
    public long MaxHeld;
    public long FailCount;
}

/// <summary>A container's account.</summary>
internal struct BpfAccount
{
    /// <summary>The <see cref="AccountId"/> of the container that has this place; 0 for none.</summary>
    public ulong Id;

    /// <summary>A row for each of <see cref="IBpfAccounting.Resources"/>, in that order.</summary>
    public BpfAccountRows Rows;
}

/// <summary>The rows of an account.</summary>
[InlineArray(AccountField.Rows)]
internal struct BpfAccountRows
{
    private BpfAccountRow _first;
}

/// <summary>The bounds of one resource. They are apart from the counts, so that a command can write them while programs count.</summary>
internal struct BpfBoundRow
{
    public long Barrier;
    public long Limit;
}

/// <summary>The bounds of a container, in the order of its account.</summary>
[InlineArray(AccountField.Rows)]
internal struct BpfBounds
{
    private BpfBoundRow _first;
}

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>Where things are in a <see cref="BpfAccount"/> and in <see cref="BpfBounds"/>, in bytes, for programs.</summary>
internal static class AccountField
{
    /// <summary>How many resources there are.</summary>
    public const int Rows = 5;

    /// <summary>Of an account.</summary>
    public const int Id = 0;

    /// <summary>Of a row of an account.</summary>
    public const int Held = 0, MaxHeld = 8, FailCount = 16;

    /// <summary>Of a row of bounds.</summary>
    public const int Barrier = 0, Limit = 8;

    private const int HeaderSize = 8;
    private const int RowSize = 24;
    private const int BoundRowSize = 16;

    /// <summary>Where the row of a resource begins in an account.</summary>
    public static int RowOf(BeancounterResource resource) => HeaderSize + (IndexOf(resource) * RowSize);

    /// <summary>Where the row of a resource begins among the bounds.</summary>
    public static int BoundsOf(BeancounterResource resource) => IndexOf(resource) * BoundRowSize;

    /// <summary>The number of the row of a resource.</summary>
    public static int IndexOf(BeancounterResource resource)
    {
        for (var i = 0; i < IBpfAccounting.Resources.Count; i++)
        {
            if (IBpfAccounting.Resources[i] == resource)
                return i;
        }
        throw new ArgumentException($"programs do not count {resource.Name}", nameof(resource));
    }
}

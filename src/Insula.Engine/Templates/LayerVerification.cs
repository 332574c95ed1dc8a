namespace Insula.Engine.Templates;

/// <summary>How a file of a layer differs from what was unpacked.</summary>
public enum LayerDifferenceKind
{
    Missing,
    Modified,
    Extra,
}

/// <summary>One file that differs.</summary>
/// <param name="Kind">How.</param>
/// <param name="Path">Its path in the layer, fit to be shown.</param>
/// <param name="What">What differs: content, mode, owner, ...; empty unless modified.</param>
public readonly record struct LayerDifference(LayerDifferenceKind Kind, string Path, string What);

/// <summary>The result of comparing a layer with what was unpacked.</summary>
/// <param name="Checked">Entries compared.</param>
/// <param name="Differences">What differs, at most 1,000 of them.</param>
public sealed record LayerVerification(long Checked, IReadOnlyList<LayerDifference> Differences)
{
    /// <summary>True if nothing differs.</summary>
    public bool IsGood => Differences.Count == 0;
}

namespace Insula.Engine.Host;

/// <summary>Whether something is there.</summary>
public enum FeatureState
{
    /// <summary>There, and whole.</summary>
    Yes,

    /// <summary>There with something missing, or not to be found out.</summary>
    Limited,

    /// <summary>Not there.</summary>
    No,
}

/// <summary>How much depends on it.</summary>
public enum FeatureNeed
{
    /// <summary>Without it no container starts.</summary>
    Required,

    /// <summary>Without it containers work, but something that most users expect does not.</summary>
    Recommended,

    /// <summary>Some users want it.</summary>
    Optional,
}

/// <summary>What a look at the host found.</summary>
/// <param name="State">Whether it is there.</param>
/// <param name="Detail">What was seen: a version, a path, an error; may be empty.</param>
public readonly record struct FeatureFinding(FeatureState State, string Detail)
{
    /// <summary>Yes or no, with the same detail.</summary>
    public static FeatureFinding Of(bool present, string detail = "") => new(present ? FeatureState.Yes : FeatureState.No, detail);
}

/// <summary>Something of a host that Insula uses, and how to find out whether it is there.</summary>
/// <param name="Name">Its name in lower case, unique: "overlayfs".</param>
/// <param name="Group">What it belongs to: "storage".</param>
/// <param name="Need">How much depends on it.</param>
/// <param name="Cost">What its absence costs, one sentence for the administrator.</param>
/// <param name="Look">Finds out; cheap, and changes nothing.</param>
public sealed record HostFeature(string Name, string Group, FeatureNeed Need, string Cost, Func<IHostView, FeatureFinding> Look);

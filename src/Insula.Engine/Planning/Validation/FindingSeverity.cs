namespace Insula.Engine.Planning.Validation;

/// <summary>How bad something in a configuration is.</summary>
public enum FindingSeverity
{
    /// <summary>The configuration is wrong: programs fail at odd moments.</summary>
    Error,

    /// <summary>A resource is of little use with it.</summary>
    Warning,

    /// <summary>It could be better; the configuration is valid all the same.</summary>
    Recommendation,
}

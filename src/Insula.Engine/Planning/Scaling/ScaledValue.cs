namespace Insula.Engine.Planning.Scaling;

/// <summary>A value that has been scaled.</summary>
/// <param name="Key">The key in the file.</param>
/// <param name="Before">What it was.</param>
/// <param name="After">What it is now, as it stands in the file.</param>
public sealed record ScaledValue(string Key, string Before, string After);

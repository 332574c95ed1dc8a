namespace Insula.Engine.Distributions.Networks;

/// <summary>The files that are ours as a whole say so.</summary>
internal static class GeneratedFile
{
    /// <summary>Their first line.</summary>
    public const string Mark = "# Written by Insula at every start and change of addresses.";
}

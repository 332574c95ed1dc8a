namespace Insula.System.Tests;

/// <summary>Tests that are run when no others are.</summary>
[CollectionDefinition(nameof(Undisturbed), DisableParallelization = true)]
public sealed class Undisturbed;

namespace Insula.Cli.Planning.Json;

/// <summary>What <c>vzsplit --json</c> shows: the keys of the sample with their values.</summary>
internal sealed record SplitJson(int Containers, int Level, string Meaning, bool Vswap, string? File, IReadOnlyDictionary<string, string> Parameters);

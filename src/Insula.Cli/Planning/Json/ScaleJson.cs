using Insula.Engine.Planning.Scaling;

namespace Insula.Cli.Planning.Json;

/// <summary>What <c>vzcfgscale --json</c> shows.</summary>
internal sealed record ScaleJson(string File, string? Backup, IReadOnlyList<ScaledValue> Changed);

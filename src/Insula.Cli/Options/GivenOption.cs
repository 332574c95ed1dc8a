namespace Insula.Cli.Options;

/// <summary>An option as it was given.</summary>
/// <param name="Option">Which.</param>
/// <param name="Value">Its value; "" for an option without one.</param>
internal readonly record struct GivenOption(Option Option, string Value);

namespace Insula.Bench;

/// <summary>A measurement that could not be made, and why.</summary>
internal sealed class BenchException(string message, Exception? cause = null) : Exception(message, cause);

using Insula.Engine;

namespace Insula.Daemon;

/// <summary>Says what happens on standard error, a line each: the journal's, or a log file's.</summary>
internal sealed class StandardErrorReporter : IReporter
{
    /// <summary>What each line begins with.</summary>
    public string Prefix { get; set; } = "";

    /// <inheritdoc/>
    public void Info(string message) => Console.Error.WriteLine($"{Prefix}{message}");

    /// <inheritdoc/>
    public void Warning(string message) => Console.Error.WriteLine($"{Prefix}Warning: {message}");

    /// <inheritdoc/>
    public void Error(string message) => Console.Error.WriteLine($"{Prefix}Error: {message}");

    /// <inheritdoc/>
    public void Progress(string what, long done, long total)
    {
    }
}

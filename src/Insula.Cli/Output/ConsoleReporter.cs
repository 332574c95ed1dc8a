using System.Globalization;
using Insula.Engine;
using Insula.Engine.Containers;

namespace Insula.Cli.Output;

/// <summary>Shows what the engine reports: steps on standard output, warnings and errors on standard error, all of it in the log.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="quiet">--quiet: no steps and no progress; the log is still written.</param>
/// <param name="terminal">Whether standard error is a terminal, where progress is one line that is written anew.</param>
internal sealed class ConsoleReporter(TextWriter output, TextWriter error, bool quiet, bool terminal) : IReporter, IDisposable
{
    private const string EraseLine = "\r\u001b[K"; // ECMA-48: to the first column, erase to the end
    private const int SmallestStep = 1; // percent

    private string _progressOf = "";
    private long _progressPercent = -1;
    private bool _progressShown;

    /// <summary>The container that lines in the log are about.</summary>
    public Ctid? Container { get; set; }

    /// <summary>The log, or null when there is none.</summary>
    public LogFile? Log { get; set; }

    /// <inheritdoc/>
    public void Info(string message)
    {
        if (!quiet)
            WriteLine(output, message);
        Log?.Append(Container, message);
    }

    /// <inheritdoc/>
    public void Warning(string message) => ShowError($"Warning: {message}");

    /// <inheritdoc/>
    public void Error(string message) => ShowError(message);

    /// <summary>A further line of an error that <see cref="Error"/> told of; not for the log.</summary>
    public void Detail(string message) => WriteLine(error, message);

    /// <inheritdoc/>
    public void Progress(string what, long done, long total)
    {
        if (quiet)
            return;
        if (!terminal)
        {
            // A line per stage, for whoever reads a log of it.
            if (what != _progressOf)
                WriteLine(output, what);
            _progressOf = what;
            return;
        }
        var percent = total > 0 ? Math.Clamp(done * 100 / total, 0, 100) : -1;
        if (what == _progressOf && total > 0 && Math.Abs(percent - _progressPercent) < SmallestStep)
            return;
        (_progressOf, _progressPercent, _progressShown) = (what, percent, true);
        var amount = total > 0 ? string.Create(CultureInfo.InvariantCulture, $" {percent} %") : "";
        error.Write($"{EraseLine}{PlainText.OneLine(what)}{amount}");
        error.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndProgress();
        Log?.Dispose();
    }

    private void ShowError(string message)
    {
        WriteLine(error, message);
        Log?.Append(Container, message);
    }

    // Shown at once: the next step may take long, or hand the terminal to a program of the container.
    private void WriteLine(TextWriter writer, string message)
    {
        EndProgress();
        writer.WriteLine(PlainText.OneLine(message));
        writer.Flush();
    }

    private void EndProgress()
    {
        if (!_progressShown)
            return;
        _progressShown = false;
        _progressOf = "";
        error.Write(EraseLine);
        error.Flush();
    }
}

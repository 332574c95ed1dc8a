using Insula.Engine;
using Insula.Linux.Syscalls;

namespace Insula.Cli.Output;

/// <summary>The one place where errors are caught, told to the user and turned into an exit code.</summary>
internal static class ErrorGuard
{
    /// <summary>Runs a program's body.</summary>
    /// <param name="reporter">Who tells the user.</param>
    /// <param name="verbose">How often --verbose was given: 1 shows the errors below an error, 2 where an unexpected one came from.</param>
    /// <param name="body">Gives the exit code.</param>
    public static int Run(ConsoleReporter reporter, Func<int> verbose, Func<int> body)
    {
        try
        {
            return body();
        }
        catch (OperationCanceledException)
        {
            reporter.Error("Cancelled; what had been done was taken back");
            return (int)ExitCode.SystemError;
        }
#pragma warning disable CA1031 // every error ends here: as a message and an exit code
        catch (Exception error)
#pragma warning restore CA1031
        {
            Tell(reporter, error, verbose());
            return (int)CodeOf(error);
        }
    }

    /// <summary>What a program exits with on an error.</summary>
    public static ExitCode CodeOf(Exception error) => error switch
    {
        InsulaException insula => insula.Code,
        LinuxException { Errno: Errno.ENOSPC or Errno.EDQUOT } => ExitCode.NoDiskSpace,
        UnauthorizedAccessException => ExitCode.NoPermission,
        IOException io when ErrnoOf(io) is Errno.ENOSPC or Errno.EDQUOT => ExitCode.NoDiskSpace,
        _ => ExitCode.SystemError,
    };

    private static void Tell(ConsoleReporter reporter, Exception error, int verbose)
    {
        var expected = error is InsulaException or LinuxException or IOException or UnauthorizedAccessException;
        reporter.Error(expected ? error.Message : $"Unexpected error: {error.GetType().Name}: {error.Message}");
        if (HintOf(error) is { } hint)
            reporter.Detail($"Hint: {hint}");
        else if (CodeOf(error) == ExitCode.NoDiskSpace)
            reporter.Detail("Hint: free some disk space and try again; nothing that was there has been lost");
        for (var cause = error.InnerException; verbose > 0 && cause is not null; cause = cause.InnerException)
            reporter.Detail($"  because: {cause.Message}");
        if (verbose < 2 || error.StackTrace is not { } trace)
            return;
        foreach (var line in trace.Split('\n'))
            reporter.Detail(line.TrimEnd());
    }

    private static string? HintOf(Exception error) => error switch
    {
        InsulaException insula => insula.Hint,
        LinuxException linux => linux.Hint,
        _ => null,
    };

    // On Unix, .NET puts the errno of a failed call into HResult where it knows no number of its own.
    private static Errno ErrnoOf(IOException error) => (Errno)(error.HResult & 0xFFFF);
}

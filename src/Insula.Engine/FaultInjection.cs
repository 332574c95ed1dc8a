using System.Globalization;

namespace Insula.Engine;

/// <summary>
/// Lets tests break an operation at each of its steps: with INSULA_FAULT="throw:N" in its environment a process fails, with "kill:N" it is
/// killed, when the N-th undo step of the process has been pushed (docs/testing.md). Only root runs operations, so nobody gains by it.
/// </summary>
internal sealed class FaultInjection
{
    private const string Variable = "INSULA_FAULT";

    private readonly bool _kill;
    private readonly int _at;
    private int _seen;

    private FaultInjection(bool kill, int at) => (_kill, _at) = (kill, at);

    /// <summary>What the environment asks for; null, nearly always: nothing.</summary>
    public static FaultInjection? FromEnvironment()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text) || text.Split(':') is not [var how, var number])
            return null;
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? new FaultInjection(how == "kill", at) : null;
    }

    /// <summary>Counts a step.</summary>
    public void Step(string what)
    {
        if (++_seen != _at)
            return;
        if (_kill)
        {
            using var self = Linux.Processes.PidFd.TryOpen(Environment.ProcessId);
            self?.Kill();
        }
        throw new InsulaException(ExitCode.SystemError, $"{Variable}: step {_at}, before it could be needed to {what}");
    }
}

namespace Insula.Linux.Cgroups;

/// <summary>Pauses between looks at something that is about to change: 1 ms at first, up to 32, until time is up.</summary>
internal sealed class Backoff(TimeSpan timeout)
{
    private readonly long _deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
    private int _milliseconds = 1;

    /// <summary>Sleeps a little. False, at once, when time is up.</summary>
    public bool Pause()
    {
        if (Environment.TickCount64 >= _deadline)
            return false;
        Thread.Sleep(_milliseconds);
        _milliseconds = Math.Min(_milliseconds * 2, 32);
        return true;
    }
}

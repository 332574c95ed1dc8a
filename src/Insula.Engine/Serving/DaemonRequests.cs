namespace Insula.Engine.Serving;

/// <summary>What a daemon has been asked for by signals.</summary>
public sealed class DaemonRequests : IDisposable
{
    private readonly ManualResetEventSlim _any = new();
    private volatile bool _stop;
    private volatile bool _makeWay;

    /// <summary>Asked to end (SIGTERM, SIGINT).</summary>
    public bool Stop => _stop;

    /// <summary>Another daemon, which has copies of the descriptors, asked to be let to them (SIGHUP).</summary>
    public bool MakeWay => _makeWay;

    /// <summary>Asks it to end.</summary>
    public void AskToStop()
    {
        _stop = true;
        _any.Set();
    }

    /// <summary>Asks it to make way.</summary>
    public void AskToMakeWay()
    {
        _makeWay = true;
        _any.Set();
    }

    /// <summary>Waits, but not longer than until something is asked for.</summary>
    public void Wait(TimeSpan time) => _any.Wait(time);

    /// <inheritdoc/>
    public void Dispose() => _any.Dispose();
}

namespace Insula.Engine.Watching;

/// <summary>Whether a container that has ended starts again, and when.</summary>
/// <param name="Restarts">True if it starts again.</param>
/// <param name="Delay">After how long.</param>
/// <param name="QuickEnds">How many times in a row it has now ended soon after its start.</param>
public readonly record struct RestartPolicy(bool Restarts, TimeSpan Delay, int QuickEnds)
{
    /// <summary>A container that ends sooner than this after its start has ended quickly.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromSeconds(60);

    // More make no difference.
    private const int MostCounted = 32;

    /// <summary>The longest pause before a restart.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(300);

    /// <summary>
    /// Decides. A reboot starts it again, a crash if its configuration wants that; one that ran for a minute starts at once, and so does one that
    /// ended quickly for the first time; then the pause is 1 s, and twice as long each time, up to five minutes.
    /// </summary>
    /// <param name="end">How it ended.</param>
    /// <param name="ran">How long it ran.</param>
    /// <param name="quickEndsBefore">How many times in a row it had ended quickly before.</param>
    /// <param name="afterCrash">Whether it is to be started after a crash.</param>
    public static RestartPolicy Decide(ContainerEnd end, TimeSpan ran, int quickEndsBefore, bool afterCrash)
    {
        if (end.Kind != EndKind.Reboot && !(end.Kind == EndKind.Crash && afterCrash))
            return default;
        if (ran >= Quick)
            return new(true, TimeSpan.Zero, 0);
        var quickEnds = Math.Clamp(quickEndsBefore, 0, MostCounted - 1) + 1;
        var delay = quickEnds < 2 ? 0 : Math.Min(Math.Pow(2, quickEnds - 2), LongestDelay.TotalSeconds);
        return new(true, TimeSpan.FromSeconds(delay), quickEnds);
    }
}

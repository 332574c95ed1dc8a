using Insula.Cli.Options;
using Insula.Engine.Containers;

namespace Insula.Cli.VzCtl;

/// <summary>The options of <c>stop</c>, which <c>restart</c> takes too.</summary>
internal static class StopOptions
{
    private static readonly Option Fast = new("fast", "End all processes at once instead of shutting down");
    private static readonly Option SkipUnmount = new("skip-umount", "Leave the container mounted");
    private static readonly Option Timeout = new("timeout", "Kill what still runs after so many seconds; without it STOP_TIMEOUT counts") { Argument = "SECONDS" };

    /// <summary>The options.</summary>
    public static readonly IReadOnlyList<Option> All = [Fast, SkipUnmount, Timeout];

    /// <summary>What was asked for.</summary>
    /// <exception cref="Engine.InsulaException">21: the timeout is no number.</exception>
    public static StopRequest Read(ParsedArguments arguments) => new()
    {
        Fast = arguments.Has(Fast),
        SkipUnmount = arguments.Has(SkipUnmount),
        TimeoutSeconds = (int?)arguments.NumberOf(Timeout, 0, int.MaxValue),
    };
}

using Insula.Cli.Options;
using Insula.Engine.Containers;

namespace Insula.Cli.VzCtl;

/// <summary>The options of <c>start</c>, which <c>restart</c> takes too.</summary>
internal static class StartOptions
{
    private static readonly Option Force = new("force", "Start although the container is disabled");
    private static readonly Option Wait = new("wait", "Come back when the container's init has reached its default state");

    /// <summary>The options.</summary>
    public static readonly IReadOnlyList<Option> All =
    [
        Force,
        Wait,
        // What these leave out, a check of ploop images and a second mount, is not done here in the first place.
        new("skip-fsck", "Accepted for old scripts") { Hidden = true },
        new("skip-remount", "Accepted for old scripts") { Hidden = true },
    ];

    /// <summary>What was asked for.</summary>
    public static StartRequest Read(ParsedArguments arguments) => new() { Force = arguments.Has(Force), Wait = arguments.Has(Wait) };
}

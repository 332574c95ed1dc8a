using Insula.Cli.Options;

namespace Insula.Cli.VzUbc;

/// <summary>The options of vzubc. Some have names of two letters behind one dash, which no other program has.</summary>
internal static class VzUbcOptions
{
    public static readonly Option Watch = new("watch", "Show again every two seconds, until interrupted") { Letter = 'w' };
    public static readonly Option WatchDifferences = new("watch-diff", "While watching, highlight what has changed (-wd)");
    public static readonly Option WatchNoTitle = new("watch-no-title", "While watching, show no title (-wt)");
    public static readonly Option WatchInterval = new("watch-interval", "While watching, show again every N seconds (-wn N)") { Argument = "N" };
    public static readonly Option Quiet = new("quiet", "Show only what has been refused, or is or was close to its limit") { Letter = 'q' };
    public static readonly Option QuietHeld = new("quiet-held", "What counts as close: held at or above RATIO of the limit, 0.5 if not given (-qh RATIO)") { Argument = "RATIO" };
    public static readonly Option QuietMaxHeld = new("quiet-maxheld", "What counts as close: maxheld at or above RATIO of the limit, 0.8 if not given (-qm RATIO)") { Argument = "RATIO" };
    public static readonly Option Verbose = new("verbose", "Show also what has no barrier") { Letter = 'v' };
    public static readonly Option Relative = new("relative", "Show refusals since the last look, not since the start") { Letter = 'r' };
    public static readonly Option RelativeClear = new("relative-clear", "Forget the refusals of the last look (-rc)");
    public static readonly Option RelativeDirectory = new("relative-dir", "Where looks are kept; RUNDIR/vzubc if not given (-rd DIR)") { Argument = "DIR" };
    public static readonly Option Incremental = new("incremental", "Show also the change of held since the last look") { Letter = 'i' };
    public static readonly Option IncrementalClear = new("incremental-clear", "Forget what was held at the last look (-ic)");
    public static readonly Option IncrementalDirectory = new("incremental-dir", "The same as --relative-dir (-id DIR)") { Argument = "DIR" };
    public static readonly Option Color = new("color", "Highlight what --quiet would show; not with --watch") { Letter = 'c' };
    public static readonly Option FromFile = new("file", "Read FILE instead of this host's beancounters; - for standard input") { Letter = 'f', Argument = "FILE" };
    public static readonly Option Json = new("json", "Show JSON");
    public static readonly Option Proc = new("proc", "Show what /proc/user_beancounters holds on an OpenVZ host");
    public static readonly Option Resources = new("resources", "Show what /proc/bc/resources holds on an OpenVZ host");
    public static readonly Option Mechanisms = new("mechanisms", "Show what stands behind each beancounter on this host");
    public static readonly Option Shared = new("shared", "Show resident memory and how containers share it");
    public static readonly Option Version = new("version", "Show the version");
    public static readonly Option Help = new("help", "Show this help") { Letter = 'h' };

    /// <summary>All of them, in the order of help.</summary>
    public static readonly IReadOnlyList<Option> All =
    [
        Quiet, QuietHeld, QuietMaxHeld, Verbose, Relative, RelativeClear, RelativeDirectory, Incremental, IncrementalClear, IncrementalDirectory, Color,
        FromFile, Watch, WatchDifferences, WatchNoTitle, WatchInterval, Json, Proc, Resources, Mechanisms, Shared, Version, Help,
    ];

    private static readonly Dictionary<string, Option> TwoLetters = new(StringComparer.Ordinal)
    {
        ["-wd"] = WatchDifferences,
        ["-wt"] = WatchNoTitle,
        ["-wn"] = WatchInterval,
        ["-qh"] = QuietHeld,
        ["-qm"] = QuietMaxHeld,
        ["-rc"] = RelativeClear,
        ["-rd"] = RelativeDirectory,
        ["-ic"] = IncrementalClear,
        ["-id"] = IncrementalDirectory,
    };

    /// <summary>Parses a command line.</summary>
    public static ParsedArguments Parse(IReadOnlyList<string> words)
    {
        var spelled = new List<string>(words.Count);
        foreach (var word in words)
            spelled.Add(TwoLetters.TryGetValue(word, out var option) ? $"--{option.Name}" : word);
        return OptionParser.Parse(spelled, All, "vzubc --help");
    }
}

namespace Insula.Cli.VzCtl;

/// <summary>The flags before the command. A word that is none of them is the command, be it a bad one.</summary>
internal readonly struct VzCtlFlags
{
    /// <summary>--quiet.</summary>
    public bool Quiet { get; private init; }

    /// <summary>How often --verbose was given.</summary>
    public int Verbose { get; private init; }

    /// <summary>--skiplock.</summary>
    public bool SkipLock { get; private init; }

    /// <summary>--version.</summary>
    public bool Version { get; private init; }

    /// <summary>--help.</summary>
    public bool Help { get; private init; }

    /// <summary>How many words they are.</summary>
    public int Count { get; private init; }

    /// <summary>Reads the flags at the start of the command line.</summary>
    public static VzCtlFlags Parse(IReadOnlyList<string> words)
    {
        var flags = default(VzCtlFlags);
        foreach (var word in words)
        {
            var next = word switch
            {
                "--quiet" => flags with { Quiet = true },
                "--verbose" => flags with { Verbose = flags.Verbose + 1 },
                "--skiplock" => flags with { SkipLock = true },
                "--version" => flags with { Version = true },
                "--help" => flags with { Help = true },
                _ => (VzCtlFlags?)null,
            };
            if (next is null)
                break;
            flags = next.Value with { Count = flags.Count + 1 };
        }
        return flags;
    }
}

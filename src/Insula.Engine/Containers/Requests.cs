namespace Insula.Engine.Containers;

/// <summary>What `vzctl create` was asked for; null: the sample's or the global default.</summary>
public sealed record CreateRequest
{
    /// <summary>--ostemplate.</summary>
    public string? Template { get; init; }

    /// <summary>--config: the sample, without "ve-" and ".conf-sample".</summary>
    public string? Sample { get; init; }

    /// <summary>--layout: overlay, dir (alias simfs), or image (alias ploop).</summary>
    public string? Layout { get; init; }

    /// <summary>--private.</summary>
    public string? Private { get; init; }

    /// <summary>--root.</summary>
    public string? Root { get; init; }

    /// <summary>--local_uid: the first host id of the container's range.</summary>
    public uint? LocalUid { get; init; }

    /// <summary>--local_gid.</summary>
    public uint? LocalGid { get; init; }

    /// <summary>The parameters that create takes as set does (--hostname, --ipadd, --name, ...), by option name, in order.</summary>
    public IReadOnlyList<OptionValue> Options { get; init; } = [];
}

/// <summary>An option of the command line that changes a parameter, not yet parsed.</summary>
/// <param name="Name">The long name without dashes: "cpuunits".</param>
/// <param name="Value">The text the user gave.</param>
public readonly record struct OptionValue(string Name, string Value);

/// <summary>Options of `vzctl start`.</summary>
public sealed record StartRequest
{
    /// <summary>--force: start although DISABLED=yes.</summary>
    public bool Force { get; init; }

    /// <summary>--wait: come back when init has reached its default state.</summary>
    public bool Wait { get; init; }
}

/// <summary>Options of `vzctl stop`.</summary>
public sealed record StopRequest
{
    /// <summary>--fast: end all processes at once.</summary>
    public bool Fast { get; init; }

    /// <summary>--skip-umount: leave VE_ROOT mounted.</summary>
    public bool SkipUnmount { get; init; }

    /// <summary>--timeout in seconds; null: STOP_TIMEOUT, else 120.</summary>
    public int? TimeoutSeconds { get; init; }
}

/// <summary>What `vzctl exec`, exec2 and exec3 run.</summary>
public sealed record ExecuteRequest
{
    /// <summary>The words after the container.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>True for exec and exec2: the words are joined by blanks and given to a shell; "-" takes a script from standard input.</summary>
    public required bool Shell { get; init; }
}

/// <summary>What `vzctl enter` does.</summary>
public sealed record EnterRequest
{
    /// <summary>--exec: text typed into the shell first, or null.</summary>
    public string? Type { get; init; }
}

/// <summary>What `vzctl set` was asked for.</summary>
public sealed record SetRequest
{
    /// <summary>The parameter options, in the order given.</summary>
    public required IReadOnlyList<OptionValue> Options { get; init; }

    /// <summary>--save: write to the configuration file.</summary>
    public bool Save { get; init; }

    /// <summary>--force: save even what cannot be applied.</summary>
    public bool Force { get; init; }

    /// <summary>--setmode: null, "restart" or "ignore".</summary>
    public string? Mode { get; init; }

    /// <summary>--applyconfig: a sample to take values from.</summary>
    public string? ApplySample { get; init; }

    /// <summary>--offline-resize: the container must be stopped and unmounted.</summary>
    public bool OfflineResize { get; init; }

    /// <summary>--skip_arpdetect: do not ask on the wire whether new addresses are taken.</summary>
    public bool SkipAddressDetection { get; init; }

    /// <summary>--reset_ub.</summary>
    public bool ResetBeancounters { get; init; }
}

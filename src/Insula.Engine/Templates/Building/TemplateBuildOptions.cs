namespace Insula.Engine.Templates.Building;

/// <summary>How a template is built; null or empty takes what fits the kind.</summary>
public sealed record TemplateBuildOptions
{
    /// <summary>The template's name, if not the kind's.</summary>
    public TemplateName? Name { get; init; }

    /// <summary>Replace a template of that name.</summary>
    public bool Replace { get; init; }

    /// <summary>Which init (Debian only).</summary>
    public TemplateInit Init { get; init; }

    /// <summary>Debian suite instead of the kind's: <c>forky</c>.</summary>
    public string? Suite { get; init; }

    /// <summary>Debian mirror; null takes the host's own, else deb.debian.org.</summary>
    public string? Mirror { get; init; }

    /// <summary>Mirror of Debian's security updates; likewise.</summary>
    public string? SecurityMirror { get; init; }

    /// <summary>Archive components; main if empty.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>Further packages to install.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>Where busybox is taken from.</summary>
    public string BusyboxProgram { get; init; } = "/bin/busybox";

    /// <summary>Ends the build when cancelled (Ctrl-C); nothing is left behind.</summary>
    public CancellationToken Cancellation { get; init; }
}

namespace Insula.Engine.Templates.Building;

/// <summary>Which init a Debian template gets.</summary>
public enum TemplateInit
{
    Systemd,
    SysVinit,
}

/// <summary>What kinds of templates can be built, by the names the user gives.</summary>
/// <param name="Name">The name: <c>debian-13</c>.</param>
/// <param name="Suite">Debian's name for the release, or empty for busybox.</param>
/// <param name="Packages">What is installed beside apt, the essential packages, an init and the common packages.</param>
public sealed record TemplateKind(string Name, string Suite, IReadOnlyList<string> Packages)
{
    /// <summary>A system of nothing but busybox.</summary>
    public static TemplateKind Busybox { get; } = new("busybox", "", []);

    /// <summary>All kinds. The DHCP clients differ because ISC's ended with Debian 12.</summary>
    public static IReadOnlyList<TemplateKind> All { get; } =
    [
        new("debian-13", "trixie", ["dhcpcd-base"]),
        new("debian-12", "bookworm", ["isc-dhcp-client"]),
        new("debian-11", "bullseye", ["isc-dhcp-client"]),
        Busybox,
    ];

    /// <summary>True for a kind that mmdebstrap builds.</summary>
    public bool IsDebian => Suite.Length > 0;

    /// <summary>The kind of that name.</summary>
    /// <exception cref="InsulaException">There is none (21).</exception>
    public static TemplateKind Parse(string name)
    {
        foreach (var kind in All)
        {
            if (kind.Name == name)
                return kind;
        }

        throw new InsulaException(
            ExitCode.BadValue,
            $"'{Linux.FileTrees.EntryName.Display(Linux.FileTrees.EntryName.Of(name), 80)}' is no kind of template that can be built",
            $"choose one of {string.Join(", ", All.Select(static kind => kind.Name))}");
    }
}

namespace Insula.Engine.Isolation;

/// <summary>How a container's devpts is mounted (Documentation/filesystems/devpts.rst).</summary>
internal static class TerminalOptions
{
    /// <summary>Without max=: everybody may open a terminal; it is for its owner and group tty, which is 5 everywhere.</summary>
    public static IReadOnlyList<(string Key, string Value)> Standard { get; } = [("ptmxmode", "666"), ("mode", "620"), ("gid", "5")];
}

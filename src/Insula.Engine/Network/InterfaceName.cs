using Insula.Linux.Netlink;

namespace Insula.Engine.Network;

/// <summary>
/// The name of a network link, as Insula gives and takes it: what the kernel allows, in visible ASCII only, and none of what means
/// something else to a tool: "all" and "default" (directories of settings for every link), and "%" (the kernel fills in a number).
/// </summary>
public readonly record struct InterfaceName
{
    private readonly string? _value;

    private InterfaceName(string value) => _value = value;

    /// <summary>The name; empty for a default value.</summary>
    public string Value => _value ?? "";

    /// <summary>Takes 1 to 15 visible ASCII characters.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out InterfaceName name)
    {
        name = default;
        if (!LinkName.IsValid(text) || text.ContainsAnyExceptInRange('!', '~') || text.Contains('%') || text is "all" or "default")
            return false;
        name = new InterfaceName(text.ToString());
        return true;
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="InsulaException">BadValue.</exception>
    public static InterfaceName Parse(string text)
        => TryParse(text, out var name)
            ? name
            : throw new InsulaException(ExitCode.BadValue, $"Bad network interface name \"{text}\"", "1 to 15 characters, no blank, '/', ':' or '%'");

    /// <inheritdoc/>
    public override string ToString() => Value;
}

namespace Insula.Engine.Parameters.Kinds;

/// <summary>DEVNODES: devices by their name below /dev: <c>net/tun:rw fuse:rw</c>.</summary>
public sealed class DeviceNodesKind : DeviceRulesKind
{
    private const int Longest = 255;

    /// <inheritdoc/>
    public override string Accepts => "NAME:[r][w][q] or NAME:none with /dev/NAME a device of the host";

    /// <inheritdoc/>
    protected override string? TryDevice(string text, out string device)
    {
        device = text;
        if (text.Length is 0 or > Longest)
            return "the name is empty or too long";
        foreach (var part in text.AsSpan().Split('/'))
        {
            if (text.AsSpan()[part] is "" or "." or "..")
                return "the name is not a path below /dev";
        }
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('/' or '.' or '_' or '-' or '+' or ':'))
                return "the name holds another character";
        }
        return null;
    }
}

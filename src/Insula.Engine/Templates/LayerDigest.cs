namespace Insula.Engine.Templates;

/// <summary>SHA-256 of an archive's bytes, which names the layer it is unpacked to: 64 lower-case hexadecimal digits.</summary>
public readonly record struct LayerDigest
{
    private readonly string? _hex;

    private LayerDigest(string hex) => _hex = hex;

    /// <summary>From the 32 bytes of the hash.</summary>
    public static LayerDigest FromHash(ReadOnlySpan<byte> hash) => new(Convert.ToHexStringLower(hash));

    /// <summary>Takes exactly 64 lower-case hexadecimal digits, so that what is read from a file can be used as a file name.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LayerDigest digest)
    {
        var valid = text.Length == 64;
        foreach (var digit in text)
            valid &= char.IsAsciiHexDigitLower(digit);
        digest = valid ? new LayerDigest(text.ToString()) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => _hex ?? "";
}

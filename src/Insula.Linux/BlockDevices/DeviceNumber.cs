using System.Globalization;

namespace Insula.Linux.BlockDevices;

/// <summary>The two numbers of a device, written as the kernel's files write them: <c>8:0</c>.</summary>
/// <param name="Major">Which driver; 0 is no device but a file system that has none (btrfs, tmpfs, NFS).</param>
/// <param name="Minor">Which of the driver's devices.</param>
public readonly record struct DeviceNumber(int Major, int Minor)
{
    /// <summary>True for the number of a file system without a device of its own.</summary>
    public bool IsAnonymous => Major == 0;

    /// <summary>Reads <c>8:0</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DeviceNumber number)
    {
        number = default;
        var colon = text.IndexOf(':');
        if (colon < 0
            || !int.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
            return false;
        number = new DeviceNumber(major, minor);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}:{Minor}");
}

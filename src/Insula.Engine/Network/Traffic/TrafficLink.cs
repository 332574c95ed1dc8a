using System.Runtime.InteropServices;

namespace Insula.Engine.Network.Traffic;

/// <summary>Whose a link is, as programs look it up by its index.</summary>
/// <param name="Ctid">The container.</param>
/// <param name="Flags">What there is to do: <see cref="IsShaped"/>, <see cref="HasDevices"/>.</param>
/// <param name="Device">The index of the device that all its traffic goes by, a bridge's; 0: routes say it.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TrafficLink(uint Ctid, uint Flags, uint Device)
{
    public const uint IsShaped = 1;
    public const uint HasDevices = 2;

    public const int CtidOffset = 0, FlagsOffset = 4, DeviceOffset = 8;
}

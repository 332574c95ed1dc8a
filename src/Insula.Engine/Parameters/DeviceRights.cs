namespace Insula.Engine.Parameters;

/// <summary>What a container may do with a device: <c>[r][w][q]</c> or <c>none</c>.</summary>
[Flags]
public enum DeviceRights
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>Use quota on it.</summary>
    Quota = 4,
}

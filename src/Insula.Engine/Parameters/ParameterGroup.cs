namespace Insula.Engine.Parameters;

/// <summary>Where a parameter stands in help and manual pages.</summary>
public enum ParameterGroup
{
    General,
    Network,
    Memory,
    Beancounters,
    Cpu,
    Io,
    Disk,
    Devices,
}

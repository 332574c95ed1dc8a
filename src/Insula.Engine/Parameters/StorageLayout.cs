namespace Insula.Engine.Parameters;

/// <summary>How a container's files are kept: VE_LAYOUT.</summary>
public enum StorageLayout
{
    /// <summary><c>overlay</c>: the template's layer below, the container's own changes above.</summary>
    Overlay,

    /// <summary><c>dir</c>, in OpenVZ <c>simfs</c>: a private copy of the whole tree.</summary>
    Directory,

    /// <summary><c>ploop</c>: an OpenVZ disk image. Known so that it can be refused by name.</summary>
    Ploop,
}

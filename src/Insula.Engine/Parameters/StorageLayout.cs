namespace Insula.Engine.Parameters;

/// <summary>How a container's files are kept: VE_LAYOUT.</summary>
public enum StorageLayout
{
    /// <summary><c>overlay</c>: the template's layer below, the container's own changes above.</summary>
    Overlay,

    /// <summary><c>dir</c>, in OpenVZ <c>simfs</c>: a private copy of the whole tree.</summary>
    Directory,

    /// <summary><c>image</c>, also <c>ploop</c>: the template's layer below, the container's changes in a disk image of a fixed size.</summary>
    Image,
}

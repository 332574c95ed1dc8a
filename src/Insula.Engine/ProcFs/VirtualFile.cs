namespace Insula.Engine.ProcFs;

/// <summary>A file of a container's /proc or /sys that is made for it.</summary>
/// <param name="path">Below the container's directory, without a slash at the beginning: <c>proc/meminfo</c>.</param>
public abstract class VirtualFile(string path)
{
    /// <summary>0444 and 0400.</summary>
    protected const uint ReadableByAll = 0x124, ReadableByRoot = 0x100;

    /// <summary>In a path: the container's number.</summary>
    public const string OwnNumber = "CTID";

    /// <summary>Below the container's directory: <c>proc/meminfo</c>.</summary>
    public string Path { get; } = path;

    /// <summary>Permission bits.</summary>
    public virtual uint Mode => ReadableByAll;

    /// <summary>False for a file that this kernel does not have.</summary>
    public virtual bool IsPresent => true;

    /// <summary>True if it may be longer than a page: it grows with the processors or devices.</summary>
    public virtual bool MayBeLong => false;

    /// <summary>True if it takes the place of a file of the same path in the container.</summary>
    public virtual bool CoversKernelFile => true;

    /// <summary>Writes what the file says now.</summary>
    public abstract void Render(IContainerView view, TextBuffer output);
}

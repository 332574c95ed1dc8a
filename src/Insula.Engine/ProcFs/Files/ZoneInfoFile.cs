namespace Insula.Engine.ProcFs.Files;

/// <summary>/proc/zoneinfo: the container's memory as one zone, without the host's zones and their thresholds.</summary>
public sealed class ZoneInfoFile() : VirtualFile("proc/zoneinfo")
{
    private const int PageSize = 4096;

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var memory = view.Memory;
        var pages = memory.Total / PageSize;
        output.Add("Node 0, zone   Normal\n  pages free     "u8).Add(memory.Free / PageSize);
        output.Add("\n        boost    0\n        min      0\n        low      0\n        high     0\n        spanned  "u8).Add(pages);
        output.Add("\n        present  "u8).Add(pages).Add("\n        managed  "u8).Add(pages).Add("\n"u8);
    }
}

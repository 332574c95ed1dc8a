namespace Insula.Engine.ProcFs.Files;

/// <summary>/sys/devices/system/node/node0/meminfo: <c>Node 0 MemTotal:         262144 kB</c>. The container's memory is one node.</summary>
public sealed class NodeMemoryFile() : VirtualFile("sys/devices/system/node/node0/meminfo")
{
    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var memory = view.Memory;
        Line(output, "MemTotal:       "u8, memory.Total);
        Line(output, "MemFree:        "u8, memory.Free);
        Line(output, "MemUsed:        "u8, memory.Total - memory.Free);
        Line(output, "Active:         "u8, memory.ActiveAnonymous + memory.ActiveFile);
        Line(output, "Inactive:       "u8, memory.InactiveAnonymous + memory.InactiveFile);
        Line(output, "FilePages:      "u8, memory.Cache);
        Line(output, "AnonPages:      "u8, memory.Anonymous);
        Line(output, "Shmem:          "u8, memory.Shared);
    }

    private static void Line(TextBuffer output, ReadOnlySpan<byte> label, long bytes) => output.Add("Node 0 "u8).Add(label).Add(bytes / 1024, 8).Add(" kB\n"u8);
}

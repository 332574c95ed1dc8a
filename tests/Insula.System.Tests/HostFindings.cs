using System.Collections.Concurrent;

namespace Insula.System.Tests;

/// <summary>
/// What has been found out about the kernel in one run directory serves the others: only the first has to try it. In an emulated host
/// that takes longer than most tests.
/// </summary>
internal static class HostFindings
{
    private static readonly string[] Names = ["bpf.fields", "bpf.mechanisms"];
    private static readonly ConcurrentDictionary<string, byte[]> Known = new();

    /// <summary>Puts into a run directory what is known already.</summary>
    public static void Give(string runDirectory)
    {
        foreach (var (name, content) in Known)
            File.WriteAllBytes(Path.Combine(runDirectory, name), content);
    }

    /// <summary>Takes over what has been found out in a run directory.</summary>
    public static void Learn(string runDirectory)
    {
        foreach (var name in Names)
        {
            var path = Path.Combine(runDirectory, name);
            if (File.Exists(path))
                Known.TryAdd(name, File.ReadAllBytes(path));
        }
    }
}

using Insula.Linux.Syscalls;

namespace Insula.Bench;

/// <summary>The smallest system that can be started: busybox and an init that waits. The same for everyone.</summary>
internal static class BusyboxTree
{
    /// <summary>The first of the 65,536 host ids that the peers' containers get.</summary>
    public const int FirstId = 1_000_000;

    private const string Busybox = "/bin/busybox";

    private const string Init = """
        #!/bin/sh
        trap 'exit 0' TERM
        while :; do sleep 3600 & wait; done

        """;

    private static readonly string[] Directories = ["bin", "sbin", "proc", "sys", "dev", "etc", "root", "tmp", "run", "usr", "var"];

    public static string Make(Workspace workspace, string name)
    {
        var root = workspace.MakeDirectory(name);
        foreach (var directory in Directories)
            Directory.CreateDirectory(Path.Combine(root, directory));
        File.Copy(Busybox, Path.Combine(root, "bin/busybox"));
        foreach (var applet in (string[])["sh", "true", "sleep", "cat", "id", "ls"])
            File.CreateSymbolicLink(Path.Combine(root, "bin", applet), "busybox");
        File.WriteAllText(Path.Combine(root, "sbin/init"), Init);
        File.SetUnixFileMode(Path.Combine(root, "sbin/init"), (UnixFileMode)0x1ED); // 0755
        File.WriteAllText(Path.Combine(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        return root;
    }

    /// <summary>Gives the tree to the peers' containers. Insula's layers stay root's and are mapped when mounted.</summary>
    public static string GiveToRange(string root)
    {
        const int AT_SYMLINK_NOFOLLOW = 0x100;
        using var directory = Files.Open(root, OpenFlags.Path | OpenFlags.Directory);
        foreach (var entry in Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Append(root))
            Kernel.ChangeOwner(directory, entry, FirstId, FirstId, AT_SYMLINK_NOFOLLOW, entry);
        return root;
    }
}

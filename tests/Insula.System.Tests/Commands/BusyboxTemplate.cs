using System.Formats.Tar;
using global::System.Text;

namespace Insula.System.Tests.Commands;

/// <summary>The smallest template that boots: Debian's busybox with an init that starts nothing.</summary>
internal static class BusyboxTemplate
{
    private static readonly string[] Applets =
    [
        "sh", "ls", "cat", "ps", "id", "mount", "umount", "ip", "hostname", "ping", "true", "false", "sleep", "grep", "kill", "echo", "dd", "stat", "mknod",
        "nproc", "poweroff", "halt", "reboot", "tail", "head", "wc", "touch", "chmod", "readlink", "sysctl", "env", "test", "seq", "nc", "mkdir", "rm",
    ];

    // Put together once in a run.
    private static readonly Lazy<byte[]> s_archive = new(Make);

    public static void Write(string path) => File.WriteAllBytes(path, s_archive.Value);

    private static byte[] Make()
    {
        using var file = new MemoryStream();
        WriteTo(file);
        return file.ToArray();
    }

    private static void WriteTo(Stream file)
    {
        using var tar = new TarWriter(file, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var directory in new[] { "bin", "sbin", "etc", "proc", "sys", "dev", "run", "root", "tmp", "var" })
            tar.WriteEntry(Owned(new PaxTarEntry(TarEntryType.Directory, directory + "/"), 0x1ED));
        using (var busybox = File.OpenRead("/bin/busybox"))
            tar.WriteEntry(Owned(new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { DataStream = busybox }, 0x1ED));
        foreach (var applet in Applets)
            tar.WriteEntry(Owned(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" }, 0x1FF));
        tar.WriteEntry(Owned(new PaxTarEntry(TarEntryType.SymbolicLink, "sbin/init") { LinkName = "../bin/busybox" }, 0x1FF));
        AddFile(tar, "etc/inittab", "::sysinit:/bin/true\n", 0x1A4);
        AddFile(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", 0x1A4);
        AddFile(tar, "etc/shadow", "root::19000:0:99999:7:::\n", 0x180);
        AddFile(tar, "etc/group", "root:x:0:\ntty:x:5:\n", 0x1A4);
    }

    private static void AddFile(TarWriter tar, string name, string text, int mode)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        tar.WriteEntry(Owned(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, mode));
    }

    private static PaxTarEntry Owned(PaxTarEntry entry, int mode)
    {
        entry.Mode = (UnixFileMode)mode;
        (entry.Uid, entry.Gid) = (0, 0);
        return entry;
    }
}

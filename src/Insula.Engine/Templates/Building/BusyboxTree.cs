using System.Diagnostics;

namespace Insula.Engine.Templates.Building;

/// <summary>
/// A root file system of one static busybox: init, a shell, some 270 commands, syslogd and crond. It has no ssh server, since busybox
/// has none. No network is needed to make it.
/// </summary>
internal sealed class BusyboxTree(TreeEditor tree, string program)
{
    /// <summary>Makes the tree.</summary>
    /// <exception cref="InsulaException">There is no static busybox (6).</exception>
    public void Make()
    {
        var bytes = ReadProgram();
        foreach (var directory in new[] { "/dev", "/etc/init.d", "/etc/network", "/mnt", "/opt", "/proc", "/run", "/srv", "/sys", "/usr/lib", "/var/log" })
            tree.MakeDirectory(directory);
        tree.MakeDirectory("/root", 0x1C0);           // 0700
        tree.MakeDirectory("/tmp", 0x3FF);            // 1777
        tree.MakeDirectory("/var/tmp", 0x3FF);
        tree.MakeDirectory("/var/spool/cron/crontabs", 0x1C0);
        tree.Link("/var/run", "../run");
        tree.WriteBytes("/bin/busybox", bytes, 0x1ED); // 0755
        foreach (var applet in Applets())
            tree.Link(applet, Relative(applet));
        WriteConfiguration();
    }

    /// <summary>True for an ELF program that names no interpreter, that is, a static one (elf(5)).</summary>
    internal static bool IsStatic(ReadOnlySpan<byte> elf)
    {
        const int headerSize = 64, interpreter = 3; // ELF64; PT_INTERP
        if (elf.Length < headerSize || !elf.StartsWith("\u007fELF"u8) || elf[4] != 2)
            return false;
        var (offset, size, count) = (BitConverter.ToInt64(elf[32..]), BitConverter.ToUInt16(elf[54..]), BitConverter.ToUInt16(elf[56..]));
        for (var i = 0; i < count; i++)
        {
            var at = offset + (i * size);
            if (at < 0 || at > elf.Length - 4 || BitConverter.ToUInt32(elf[(int)at..]) == interpreter)
                return false;
        }

        return true;
    }

    private byte[] ReadProgram()
    {
        const string hint = "apt-get install busybox-static";
        if (!File.Exists(program))
            throw new InsulaException(ExitCode.NotEnoughResources, $"The busybox template is made of {program}, which is not there", hint);
        var bytes = File.ReadAllBytes(program);
        return IsStatic(bytes)
            ? bytes
            : throw new InsulaException(ExitCode.NotEnoughResources, $"{program} is not statically linked, so it cannot run alone in a container", hint);
    }

    // "usr/bin/awk": where busybox would install each of its commands.
    private List<string> Applets()
    {
        using var process = Process.Start(HostProgram.Command(program, "--list-full"))
            ?? throw new InsulaException(ExitCode.NotEnoughResources, $"Cannot start {program}");
        var applets = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (IsAppletPath(line) && line != "bin/busybox")
                applets.Add("/" + line);
        }

        process.WaitForExit();
        return applets.Contains("/sbin/init") && applets.Contains("/bin/sh")
            ? applets
            : throw new InsulaException(ExitCode.NotEnoughResources, $"{program} has no init or no shell built in", "apt-get install busybox-static");
    }

    private static bool IsAppletPath(string line)
    {
        foreach (var directory in new[] { "bin/", "sbin/", "usr/bin/", "usr/sbin/" })
        {
            if (line.StartsWith(directory, StringComparison.Ordinal) && line.Length > directory.Length && !line[directory.Length..].Contains('/', StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static string Relative(string applet)
        => applet.StartsWith("/usr/", StringComparison.Ordinal) ? "../../bin/busybox" : applet.StartsWith("/bin/", StringComparison.Ordinal) ? "busybox" : "../bin/busybox";

    private void WriteConfiguration()
    {
        tree.Write("/etc/inittab", """
            # The host has mounted /proc, /sys and /dev, and configures the network. Nothing is kept running by init itself.
            ::sysinit:/etc/init.d/rcS
            ::ctrlaltdel:/sbin/reboot
            ::shutdown:/etc/init.d/rcK
            ::restart:/sbin/init

            """);
        tree.Write("/etc/init.d/rcS", """
            #!/bin/sh
            # Runs once at boot. Put programs of your own into /etc/rc.local.
            mkdir -p /run/lock /var/log
            : >/run/utmp
            syslogd -O /var/log/messages -s 1024 -b 2
            crond -L /dev/null
            [ ! -x /etc/rc.local ] || /etc/rc.local

            """, 0x1ED);
        tree.Write("/etc/init.d/rcK", """
            #!/bin/sh
            # Runs once at shutdown, before init ends all processes.
            [ ! -x /etc/rc.shutdown ] || /etc/rc.shutdown

            """, 0x1ED);
        tree.Write("/etc/passwd", """
            root:x:0:0:root:/root:/bin/sh
            daemon:x:1:1:daemon:/usr/sbin:/bin/false
            nobody:x:65534:65534:nobody:/nonexistent:/bin/false

            """);
        tree.Write("/etc/group", "root:x:0:\ndaemon:x:1:\ntty:x:5:\nutmp:x:43:\nusers:x:100:\nnogroup:x:65534:\n");
        tree.Write("/etc/shadow", "root:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n", 0x180); // 0600
        tree.Write("/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        tree.Write("/etc/resolv.conf", "");
        tree.Write("/etc/fstab", "");
        tree.Write("/etc/shells", "/bin/sh\n/bin/ash\n");
        tree.Write("/etc/profile", "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\numask 022\n");
        tree.Write("/etc/network/interfaces", "auto lo\niface lo inet loopback\n");
        tree.Write("/etc/os-release", "NAME=\"BusyBox\"\nID=busybox\nPRETTY_NAME=\"BusyBox\"\n");
    }
}

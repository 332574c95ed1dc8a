using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Insula.System.Tests.Installation;

/// <summary>
/// ./build.sh install and uninstall as they are on a host: in a copy-on-write view of this one, with mounts and a network of its own, so that
/// what is left is exactly what the view has that the host has not.
/// </summary>
[Trait("Kernel", "any")]
public sealed class UninstallTests : IDisposable
{
    // The view is a tmpfs, gone with the mount namespace. /sys is not there: the host's control groups are no part of it.
    private const string Sandbox = """
        set -eu
        view=$1 source=$2
        mount --make-rprivate /
        mount -t tmpfs none "$view"
        mkdir "$view/upper" "$view/work" "$view/root"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$view/upper,workdir=$view/work" "$view/root" || exit 77
        mount -t proc proc "$view/root/proc"
        mount --rbind /dev "$view/root/dev"
        build() { chroot "$view/root" "$source/build.sh" "$@" </dev/null; }
        left() { echo "== $1"; find "$view/upper" ! -type d ! -type c -printf '/%P\n' | sort; }
        build install --prefix /usr/local
        left installed
        chroot "$view/root" /usr/local/sbin/vzctl --version
        mkdir -p "$view/root/var/lib/vz/private/7" "$view/root/var/lib/vz/template/cache"
        echo data >"$view/root/var/lib/vz/private/7/data"
        echo data >"$view/root/var/lib/vz/template/cache/mine.tar"
        echo '# mine' >>"$view/root/etc/vz/vz.conf"
        build uninstall
        left uninstalled
        if build uninstall; then echo '== uninstalled twice'; fi
        build install --prefix /usr/local
        left 'installed again'
        build uninstall --purge
        left purged
        echo '== directories'
        for directory in /etc/vz /var/lib/vz /run/insula /var/vzquota /usr/local/lib/insula; do [ ! -e "$view/root$directory" ] || echo "$directory"; done
        echo '== end'
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("insula-uninstall-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Uninstalling_leaves_what_is_the_users_and_purging_leaves_nothing()
    {
        Require.Root();
        var source = Source();
        Assert.SkipUnless(File.Exists(Path.Combine(source, "build.sh")) && File.Exists(Path.Combine(source, "out/insula")), "needs the source tree with a built binary");
        foreach (var path in (string[])["/etc/vz", "/usr/local/lib/insula", "/usr/bin/insula", "/var/lib/vz"])
            Assert.SkipWhen(Path.Exists(path), $"this host has an installation of its own: {path}");
        var (code, output) = Run(source);
        Assert.SkipWhen(code == 77, "no overlay can be mounted over this host's root");
        Assert.True(code == 0, output);

        var installed = Section(output, "installed");
        Assert.Contains("/usr/local/bin/insula", installed);
        Assert.Contains("/usr/local/sbin/vzctl", installed);
        Assert.Contains("/etc/vz/vz.conf", installed);
        Assert.Equal(["/etc/vz/vz.conf", "/var/lib/vz/private/7/data", "/var/lib/vz/template/cache/mine.tar"], Section(output, "uninstalled").Where(line => line[0] == '/'));
        Assert.DoesNotContain("== uninstalled twice", output, StringComparison.Ordinal);
        Assert.Contains("kept: /etc/vz/vz.conf", output, StringComparison.Ordinal);
        Assert.Equal(installed.Where(line => line[0] == '/'), Section(output, "installed again").Where(line => line[0] == '/' && !line.StartsWith("/var/lib/vz/", StringComparison.Ordinal)));
        Assert.Empty(Section(output, "purged"));
        Assert.Empty(Section(output, "directories"));
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
    }

    private static string Source([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    private (int Code, string Output) Run(string source)
    {
        string[] arguments = ["--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "bash", "-c", Sandbox + "\nexit 0", "bash", _directory, source];
        using var process = Process.Start(new ProcessStartInfo("unshare", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    // What was printed between a heading and the next.
    private static List<string> Section(string output, string name)
        => [.. output.Split('\n').SkipWhile(line => line != $"== {name}").Skip(1).TakeWhile(line => !line.StartsWith("==", StringComparison.Ordinal)).Where(line => line.Length > 0)];
}

using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates;

/// <summary>Whether a tree can be started as a container.</summary>
public static class TemplateCheck
{
    private const int AnyExecute = 0x49; // 0111

    /// <summary>Requires an init (/sbin/init, /etc/init or /bin/init, in vzctl's order) and a shell; links are followed inside the tree.</summary>
    /// <returns>The path of init inside the tree.</returns>
    /// <exception cref="InsulaException">There is none (47).</exception>
    public static string RequireBootable(RootDirectory root)
    {
        if (!IsProgram(root, "/bin/sh"))
            throw new InsulaException(ExitCode.BadTemplate, $"There is no shell in {root.DisplayPath}: /bin/sh is missing or not executable");
        foreach (var path in new[] { "/sbin/init", "/etc/init", "/bin/init" })
        {
            if (IsProgram(root, path))
                return path;
        }

        throw new InsulaException(
            ExitCode.BadTemplate,
            $"There is no init in {root.DisplayPath}: /sbin/init, /etc/init and /bin/init are missing or not executable",
            "a template for application containers lacks it; install systemd-sysv or another init in it");
    }

    private static bool IsProgram(RootDirectory root, string path)
    {
        var opened = root.TryOpen(path, OpenFlags.Path);
        if (opened < 0)
            return false;
        using var file = new FileDescriptor((int)opened);
        var status = FileStatus.Of(file, root.Display(path));
        return status.Kind == FileKind.Regular && (status.Mode & AnyExecute) != 0;
    }
}

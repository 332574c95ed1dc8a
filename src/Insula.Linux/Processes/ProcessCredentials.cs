using System.Globalization;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>Who a thread is for the kernel, with the ids of this process's user namespace (proc_pid_status(5)).</summary>
/// <param name="User">Its effective user.</param>
/// <param name="Group">Its effective group.</param>
/// <param name="Groups">Its other groups.</param>
/// <param name="Capabilities">Its effective capabilities, in the user namespace that it is in.</param>
/// <param name="UserNamespace">That namespace's inode.</param>
public sealed record ProcessCredentials(uint User, uint Group, IReadOnlyList<uint> Groups, CapabilitySet Capabilities, ulong UserNamespace)
{
    /// <summary>Reads them; null if the thread is gone.</summary>
    public static ProcessCredentials? TryRead(int thread)
        => Files.TryReadText(Files.CurrentDirectory, $"/proc/{thread}/status", out var text) == Errno.None
            && FileStatus.TryGetTarget($"/proc/{thread}/ns/user", out var space) == 0
                ? Parse(text, space.Inode)
                : null;

    /// <summary>From the text of /proc/PID/status; null if it lacks something.</summary>
    public static ProcessCredentials? Parse(string status, ulong userNamespace)
    {
        const int effective = 1;
        uint[]? users = null, groups = null, others = null;
        ulong? capabilities = null;
        foreach (var line in status.Split('\n'))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            switch (words.FirstOrDefault())
            {
                case "Uid:": users = Ids(words); break;
                case "Gid:": groups = Ids(words); break;
                case "Groups:": others = Ids(words); break;
                case "CapEff:" when words.Length > 1 && ulong.TryParse(words[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits):
                    capabilities = bits;
                    break;
            }
        }
        return users is { Length: > effective } && groups is { Length: > effective } && others != null && capabilities is { } set
            ? new ProcessCredentials(users[effective], groups[effective], others, new CapabilitySet(set), userNamespace)
            : null;
    }

    private static uint[]? Ids(string[] words)
    {
        var ids = new uint[words.Length - 1];
        for (var i = 0; i < ids.Length; i++)
        {
            if (!uint.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out ids[i]))
                return null;
        }
        return ids;
    }
}

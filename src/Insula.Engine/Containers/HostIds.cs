using System.Globalization;
using Insula.Engine.Configuration;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers;

/// <summary>
/// The ids that this host gives to others: users and groups, and the ranges of subuid(5) and subgid(5). Accounts of network
/// directories are not seen; systemd's convention keeps them out of the range that containers get.
/// </summary>
/// <param name="etc">The directory of passwd, group, subuid and subgid: /etc.</param>
internal sealed class HostIds(string etc)
{
    private const int LargestFile = 64 << 20;

    /// <summary>Hands every range of ids in use, first and last inclusive, to <paramref name="take"/>.</summary>
    /// <exception cref="LinuxException">A file is there but cannot be read.</exception>
    public void Visit(Action<ulong, ulong> take)
    {
        // root:x:0:0:root:/root:/bin/bash      staff:x:50:
        VisitFile("passwd", 2, -1, take);
        VisitFile("group", 2, -1, take);
        // alice:100000:65536
        VisitFile("subuid", 1, 2, take);
        VisitFile("subgid", 1, 2, take);
    }

    private void VisitFile(string name, int firstField, int countField, Action<ulong, ulong> take)
    {
        ReadOnlySpan<byte> rest = SmallFile.TryRead(Path.Combine(etc, name), LargestFile);
        while (!rest.IsEmpty)
        {
            var newline = rest.IndexOf((byte)'\n');
            var line = newline < 0 ? rest : rest[..newline];
            rest = newline < 0 ? [] : rest[(newline + 1)..];
            if (Field(line, firstField) is not { } first)
                continue;
            var count = countField < 0 ? 1 : Field(line, countField) ?? 0;
            if (count > 0)
                take(first, first + Math.Min(count - 1, uint.MaxValue));
        }
    }

    private static ulong? Field(ReadOnlySpan<byte> line, int index)
    {
        for (; index > 0; index--)
        {
            var colon = line.IndexOf((byte)':');
            if (colon < 0)
                return null;
            line = line[(colon + 1)..];
        }
        var end = line.IndexOf((byte)':');
        var text = end < 0 ? line.TrimEnd(" \t\r"u8) : line[..end];
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= uint.MaxValue ? value : null;
    }
}

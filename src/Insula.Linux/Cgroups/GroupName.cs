namespace Insula.Linux.Cgroups;

/// <summary>
/// What we call groups: letters, digits, "-" and "_". A name with a dot could be that of a file the kernel makes in the same
/// directory (<c>cpu.max</c>, <c>cgroup.procs</c>), and <c>..</c> would leave the tree.
/// </summary>
internal static class GroupName
{
    private const int MaxLength = 64;
    private static readonly string[] UnitSuffixes = [".slice", ".service", ".scope"];

    /// <summary>True for one name that is safe as a group's.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        // The v1 files without a dot.
        if (name.IsEmpty || name.Length > MaxLength || name is "tasks" or "notify_on_release" or "release_agent")
            return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        }
        return true;
    }

    /// <summary>
    /// True for one or more such names with single slashes between. Before them, or alone, there may be directories of systemd's units:
    /// <c>insula.slice/insula-containers.service/test</c>.
    /// </summary>
    public static bool IsValidPath(string path)
    {
        var units = UnitsIn(path);
        var index = 0;
        foreach (var part in path.Split('/'))
        {
            if (index++ >= units && !IsValid(part))
                return false;
        }
        return true;
    }

    /// <summary>How many directories at the start of a path are systemd's: it makes them, and alone writes to them.</summary>
    public static int UnitsIn(string path)
    {
        var count = 0;
        foreach (var part in path.Split('/'))
        {
            if (!IsUnit(part))
                break;
            count++;
        }
        return count;
    }

    // systemd.unit(5): letters, digits and ":-_.\@". No file that the kernel makes has such an end.
    private static bool IsUnit(string name)
    {
        if (name.Length > byte.MaxValue || !UnitSuffixes.Any(suffix => name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)))
            return false;
        return name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_' or '.' or '\\' or '@');
    }

    /// <summary>Throws unless <see cref="IsValid"/>.</summary>
    public static void Check(string name, string parameter)
    {
        if (!IsValid(name))
            throw new ArgumentException($"\"{name}\" cannot be the name of a control group (letters, digits, - and _)", parameter);
    }
}

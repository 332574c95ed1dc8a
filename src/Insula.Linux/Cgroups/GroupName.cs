namespace Insula.Linux.Cgroups;

/// <summary>
/// What we call groups: letters, digits, "-" and "_". A name with a dot could be that of a file the kernel makes in the same
/// directory (<c>cpu.max</c>, <c>cgroup.procs</c>), and <c>..</c> would leave the tree.
/// </summary>
internal static class GroupName
{
    private const int MaxLength = 64;

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

    /// <summary>True for one or more such names with single slashes between.</summary>
    public static bool IsValidPath(ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
        {
            if (!IsValid(path[range]))
                return false;
        }
        return true;
    }

    /// <summary>Throws unless <see cref="IsValid"/>.</summary>
    public static void Check(string name, string parameter)
    {
        if (!IsValid(name))
            throw new ArgumentException($"\"{name}\" cannot be the name of a control group (letters, digits, - and _)", parameter);
    }
}

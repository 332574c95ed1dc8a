using System.Globalization;

namespace Insula.Linux.Cgroups;

/// <summary>Which sort of device a rule is about.</summary>
public enum DeviceKind
{
    All,
    Block,
    Character,
}

/// <summary>What may be done with a device.</summary>
[Flags]
public enum DeviceAccess
{
    None = 0,

    /// <summary>Make a node for it (mknod(2)).</summary>
    MakeNode = 1,

    /// <summary>Open it for reading.</summary>
    Read = 2,

    /// <summary>Open it for writing.</summary>
    Write = 4,

    /// <summary>Everything.</summary>
    All = MakeNode | Read | Write,
}

/// <summary>One line of the list of what a container may do with devices. What no line allows is refused.</summary>
/// <param name="Kind">Block, character or both.</param>
/// <param name="Major">The major number (0 to 4095), or null for any.</param>
/// <param name="Minor">The minor number (0 to 1048575), or null for any.</param>
/// <param name="Access">What is allowed.</param>
public readonly record struct DeviceRule(DeviceKind Kind, int? Major, int? Minor, DeviceAccess Access)
{
    private const int MaxMajor = 0xFFF;
    private const int MaxMinor = 0xFFFFF;

    /// <summary>
    /// What every container may do. Making nodes is harmless: root in a user namespace cannot, and a node is worth nothing until it
    /// can be opened. Opened can be only the devices that hold no state of the host's, and terminals of the container's own devpts.
    /// TUN and FUSE come with devnodes, not by default.
    /// </summary>
    public static IReadOnlyList<DeviceRule> ContainerDefaults { get; } =
    [
        new(DeviceKind.Character, null, null, DeviceAccess.MakeNode),
        new(DeviceKind.Block, null, null, DeviceAccess.MakeNode),
        new(DeviceKind.Character, 1, 3, DeviceAccess.All), // null
        new(DeviceKind.Character, 1, 5, DeviceAccess.All), // zero
        new(DeviceKind.Character, 1, 7, DeviceAccess.All), // full
        new(DeviceKind.Character, 1, 8, DeviceAccess.All), // random
        new(DeviceKind.Character, 1, 9, DeviceAccess.All), // urandom
        new(DeviceKind.Character, 5, 0, DeviceAccess.All), // tty
        new(DeviceKind.Character, 5, 1, DeviceAccess.All), // console
        new(DeviceKind.Character, 5, 2, DeviceAccess.All), // ptmx
        new(DeviceKind.Character, 136, null, DeviceAccess.All), // pts/N
    ];

    /// <summary>As the v1 controller writes it: <c>c 136:* rwm</c>, <c>b *:* m</c>.</summary>
    public override string ToString()
        => $"{(Kind == DeviceKind.All ? 'a' : KindLetter(Kind))} {Number(Major)}:{Number(Minor)} {AccessText(Access)}";

    /// <summary>
    /// The rules in the form both back ends take: one kind each, every kind and number once with all that is allowed for it, and
    /// none that allows nothing, in the order given.
    /// </summary>
    /// <exception cref="ArgumentException">A number the kernel's device numbers have no room for.</exception>
    internal static List<DeviceRule> Normalize(IEnumerable<DeviceRule> rules)
    {
        var result = new List<DeviceRule>();
        foreach (var rule in rules)
        {
            if (rule.Major is < 0 or > MaxMajor || rule.Minor is < 0 or > MaxMinor || (rule.Access & ~DeviceAccess.All) != 0)
                throw new ArgumentException($"no such device: {rule}", nameof(rules));
            if (rule.Kind != DeviceKind.Character)
                Merge(result, rule with { Kind = DeviceKind.Block });
            if (rule.Kind != DeviceKind.Block)
                Merge(result, rule with { Kind = DeviceKind.Character });
        }
        return result;
    }

    /// <summary>True if both are about the same devices.</summary>
    internal bool SameDevices(DeviceRule other) => Kind == other.Kind && Major == other.Major && Minor == other.Minor;

    /// <summary>Parses a line of devices.list: <c>c 1:3 rwm</c>, <c>a *:* rwm</c>.</summary>
    internal static bool TryParse(ReadOnlySpan<char> line, out DeviceRule rule)
    {
        rule = default;
        Span<Range> fields = stackalloc Range[4];
        if (line.Split(fields, ' ') != 3)
            return false;
        DeviceKind? kind = line[fields[0]] switch
        {
            "a" => DeviceKind.All,
            "b" => DeviceKind.Block,
            "c" => DeviceKind.Character,
            _ => null,
        };
        var numbers = line[fields[1]];
        var colon = numbers.IndexOf(':');
        if (kind is null || colon < 0 || !TryNumber(numbers[..colon], out var major) || !TryNumber(numbers[(colon + 1)..], out var minor))
            return false;
        var access = line[fields[2]];
        rule = new DeviceRule(kind.Value, major, minor,
            (access.Contains('r') ? DeviceAccess.Read : 0)
            | (access.Contains('w') ? DeviceAccess.Write : 0)
            | (access.Contains('m') ? DeviceAccess.MakeNode : 0));
        return true;
    }

    private static void Merge(List<DeviceRule> rules, DeviceRule added)
    {
        if (added.Access == DeviceAccess.None)
            return;
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].SameDevices(added))
            {
                rules[i] = added with { Access = added.Access | rules[i].Access };
                return;
            }
        }
        rules.Add(added);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int? number)
    {
        number = null;
        if (text is "*")
            return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return false;
        number = value;
        return true;
    }

    private static char KindLetter(DeviceKind kind) => kind == DeviceKind.Block ? 'b' : 'c';

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "*";

    private static string AccessText(DeviceAccess access)
        => (access.HasFlag(DeviceAccess.Read) ? "r" : "")
            + (access.HasFlag(DeviceAccess.Write) ? "w" : "")
            + (access.HasFlag(DeviceAccess.MakeNode) ? "m" : "");
}

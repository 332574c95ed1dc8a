using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>What the processes of a group may do with devices.</summary>
public abstract class DeviceControl
{
    /// <summary>The v1 controller where there is one, else a BPF program on the v2 group; null with neither.</summary>
    internal static DeviceControl? For(CgroupWorld world, string group)
    {
        if (world.Find(CgroupController.Devices) is { } hierarchy)
            return new DeviceControlV1(hierarchy.PathOf(group));
        return world.Unified is { } unified ? ByProgram(unified.PathOf(group)) : null;
    }

    /// <summary>Control by a BPF program on a cgroup v2 directory, whichever controllers live there.</summary>
    /// <param name="directory">The group's directory in a cgroup2 mount.</param>
    public static DeviceControl ByProgram(string directory) => new DeviceControlV2(directory);

    /// <summary>
    /// Allows just what the rules allow, now and for what is opened from now on; a descriptor that is open stays open. What was
    /// allowed before and still is stays allowed throughout, so a running container does not notice.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public abstract void SetRules(IEnumerable<DeviceRule> rules);
}

/// <summary>devices.allow, devices.deny and devices.list (Documentation/admin-guide/cgroup-v1/devices.rst).</summary>
internal sealed class DeviceControlV1(string directory) : DeviceControl
{
    private const string AllowFile = "devices.allow";
    private const string DenyFile = "devices.deny";

    public override void SetRules(IEnumerable<DeviceRule> rules)
    {
        foreach (var (file, line) in Plan(CgroupFile.Read($"{directory}/devices.list"), DeviceRule.Normalize(rules)))
            CgroupFile.Write($"{directory}/{file}", line);
    }

    /// <summary>The writes that lead from the present list to the wanted one.</summary>
    /// <param name="currentList">devices.list: <c>a *:* rwm</c> for a new group, or a line for each thing allowed.</param>
    /// <param name="wanted">Normalized rules.</param>
    internal static List<(string File, string Line)> Plan(string currentList, List<DeviceRule> wanted)
    {
        var writes = new List<(string, string)>();
        var present = ParseList(currentList, out var allowsAll);
        if (allowsAll)
            writes.Add((DenyFile, "a"));
        // First more, then less: at no moment is something refused that both lists allow.
        foreach (var rule in wanted)
        {
            if ((rule.Access & ~AccessIn(present, rule)) != 0)
                writes.Add((AllowFile, rule.ToString()));
        }
        foreach (var rule in present)
        {
            var surplus = rule.Access & ~AccessIn(wanted, rule);
            if (surplus != 0)
                writes.Add((DenyFile, (rule with { Access = surplus }).ToString()));
        }
        return writes;
    }

    private static List<DeviceRule> ParseList(string text, out bool allowsAll)
    {
        var rules = new List<DeviceRule>();
        allowsAll = false;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!DeviceRule.TryParse(line, out var rule))
                continue;
            if (rule.Kind == DeviceKind.All)
                allowsAll = true;
            else
                rules.Add(rule);
        }
        return rules;
    }

    private static DeviceAccess AccessIn(List<DeviceRule> rules, DeviceRule devices)
    {
        foreach (var rule in rules)
        {
            if (rule.SameDevices(devices))
                return rule.Access;
        }
        return DeviceAccess.None;
    }
}

/// <summary>A program of type cgroup_device on the group (bpf(2), Linux 4.15; exchanged in one step since 5.6).</summary>
internal sealed class DeviceControlV2(string directory) : DeviceControl
{
    public override void SetRules(IEnumerable<DeviceRule> rules)
    {
        using var group = CgroupDirectory.TryOpen(directory) ?? throw new LinuxException("open control group", directory, Errno.ENOENT);
        using var program = BpfProgram.Load(
            BpfProgramType.CgroupDevice, BpfAttachType.CgroupDevice, DeviceProgram.Name, DeviceProgram.Compile(DeviceRule.Normalize(rules)));
        BpfCgroupAttachment.AttachOrReplace(group, directory, BpfAttachType.CgroupDevice, program);
    }
}

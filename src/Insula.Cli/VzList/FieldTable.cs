using Insula.Engine.Parameters.Catalog;
using static Insula.Cli.VzList.FieldFactory;

namespace Insula.Cli.VzList;

/// <summary>
/// The fields of vzlist. Names, headers and widths of what a parameter gives come from its declaration; here stand the order, which
/// is that of the old vzlist, and the fields that no parameter gives.
/// </summary>
internal static class FieldTable
{
    /// <summary>The fields without -o.</summary>
    public const string Default = "ctid,numproc,status,ip,hostname";

    /// <summary>The fields without -o, with -n.</summary>
    public const string DefaultByName = "smart_name,numproc,status,ip,hostname";

    /// <summary>The field of a name, or null. The columns of nearly every call are found without making the whole table.</summary>
    public static Field? Find(string name) => name switch
    {
        "ctid" => Ctid(name),
        "status" => Status(),
        "numproc" => Beancounter(BeancounterParameters.NumProc),
        "ip" => Addresses(),
        "hostname" => Line(NetworkParameters.HostName),
        _ => FindInTable(name),
    };

    /// <summary>All fields in the old order, aliases included.</summary>
    public static List<Field> All()
    {
        var fields = new List<Field>(140)
        {
            Ctid("ctid"),
            Ctid("veid"),
            Ctid("vpsid"),
            Directory(GeneralParameters.Private),
            Directory(GeneralParameters.Root),
            Raw("mount_opts", "MOUNT_OPTS", -16, "MOUNT_OPTS"),
            Line(GeneralParameters.OriginSample),
            Line(NetworkParameters.HostName),
            Line(GeneralParameters.Name),
            SmartName(),
            Line(GeneralParameters.Description),
            Line(GeneralParameters.OsTemplate),
            Addresses(),
            TextList(NetworkParameters.NameServers),
            TextList(NetworkParameters.SearchDomains),
            Status(),
        };
        foreach (var resource in BeancounterParameters.Resources)
            AddBeancounter(fields, resource);
        AddDisk(fields, "diskspace", "DSPACE", DiskParameters.DiskSpace, usage => usage.KiB);
        AddDisk(fields, "diskinodes", "DINODES", DiskParameters.DiskInodes, usage => usage.Inodes);
        fields.AddRange(
        [
            LoadAverageField(),
            Uptime(),
            Number(CpuParameters.CpuLimit),
            Number(CpuParameters.CpuUnits),
            Number(CpuParameters.Cpus, unsetAsUnknown: true),
            Number(DiskParameters.IoPriority),
            Number(DiskParameters.IoLimit),
            Number(DiskParameters.IopsLimit),
            YesNo(GeneralParameters.OnBoot),
            Number(GeneralParameters.BootOrder),
            Layout(),
            Switches(DeviceParameters.Features, jsonObject: true),
            Vswap(),
            YesNo(GeneralParameters.Disabled),
            Factor(BeancounterParameters.VmOvercommit),
            Raw("netfilter", "NETFILTER", -9, "NETFILTER"),
            Switches(DeviceParameters.Capability, jsonObject: false),
        ]);
        return fields;
    }

    /// <summary>The fields for <c>vzlist -L</c> and the manual.</summary>
    public static IReadOnlyList<Field> Shown() => All();

    private static Field? FindInTable(string name)
    {
        foreach (var field in All())
        {
            if (field.Name == name)
                return field;
        }
        return null;
    }
}

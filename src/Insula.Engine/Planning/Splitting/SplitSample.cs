using System.Globalization;
using System.Text;
using Insula.Engine.Parameters;
using static Insula.Engine.Parameters.Catalog.BeancounterParameters;
using static Insula.Engine.Parameters.Catalog.DiskParameters;

namespace Insula.Engine.Planning.Splitting;

/// <summary>The text of the sample configuration that a divided host gives.</summary>
public static class SplitSample
{
    private static readonly (string Title, ParameterDeclaration<BarrierLimit>[] Parameters)[] Groups =
    [
        ("Primary parameters", [NumProc, AvNumProc, NumTcpSock, NumOtherSock, VmGuarPages]),
        ("Secondary parameters", [KMemSize, TcpSndBuf, TcpRcvBuf, OtherSockBuf, DgramRcvBuf, OomGuarPages, PrivVmPages]),
        ("Auxiliary parameters", [LockedPages, ShmPages, PhysPages, NumFile, NumFlock, NumPty, NumSigInfo, DCacheSize, NumIptEnt]),
    ];

    // These follow from memory and swap where they are not given; "unlimited" would promise all memory to every container.
    private static readonly ParameterDeclaration<BarrierLimit>[] Derived = [LockedPages, OomGuarPages, VmGuarPages, PrivVmPages];

    /// <summary>The sample.</summary>
    /// <param name="split">The divided host.</param>
    /// <param name="vswap">True for memory and swap, with the other resources unlimited.</param>
    public static string Of(HostSplit split, bool vswap)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Made by vzsplit: one of {split.Containers} equal containers on this host.\n");
        text.Append(CultureInfo.InvariantCulture, $"# {split.Level.Text}.\n");
        if (vswap)
            AppendVswap(text, split);
        else
            AppendClassic(text, split);
        AppendDisk(text, split);
        text.Append(CultureInfo.InvariantCulture, $"\n# CPU weight.\nCPUUNITS=\"{HostSplit.CpuUnits}\"\n");
        return text.ToString();
    }

    private static void AppendVswap(StringBuilder text, HostSplit split)
    {
        var pages = split.Bounds[PrivVmPages].Barrier;
        text.Append("\n# Memory and swap, barrier:limit in pages of 4096 bytes.\n");
        Append(text, PhysPages, new BarrierLimit(0, pages));
        Append(text, SwapPages, new BarrierLimit(0, 2 * pages));
        text.Append("\n# Not limited otherwise.\n");
        foreach (var parameter in Resources)
        {
            if (parameter != PhysPages && parameter != SwapPages && !Derived.Contains(parameter))
                text.Append(CultureInfo.InvariantCulture, $"{parameter.Key}=\"unlimited\"\n");
        }
    }

    private static void AppendClassic(StringBuilder text, HostSplit split)
    {
        foreach (var (title, parameters) in Groups)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n# {title}, barrier:limit.\n");
            foreach (var parameter in parameters)
                Append(text, parameter, split.Bounds[parameter]);
        }
    }

    private static void AppendDisk(StringBuilder text, HostSplit split)
    {
        if (!split.Bounds.TryGetValue(DiskSpace, out var space))
        {
            text.Append("\n# No disk space: 10 GiB of the file system of VE_PRIVATE are for the host, and it has no more.\n");
            return;
        }
        text.Append("\n# Disk space in KiB and number of files, soft:hard limit; how long the soft one may be exceeded, in seconds.\n");
        Append(text, DiskSpace, space);
        Append(text, DiskInodes, split.Bounds[DiskInodes]);
        text.Append(CultureInfo.InvariantCulture, $"{QuotaTime.Key}=\"0\"\n");
    }

    private static void Append(StringBuilder text, ParameterDeclaration<BarrierLimit> parameter, BarrierLimit value)
        => text.Append(CultureInfo.InvariantCulture, $"{parameter.Key}=\"{Shown(value)}\"\n");

    // Without the nineteen digits of LONG_MAX, as in the samples that come with the package: people read these files.
    private static string Shown(BarrierLimit value) => value.Barrier == value.Limit ? value.ToString() : $"{new BarrierLimit(value.Barrier)}:{new BarrierLimit(value.Limit)}";
}

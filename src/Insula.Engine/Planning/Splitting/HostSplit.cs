using Insula.Engine.Parameters;
using static Insula.Engine.Parameters.Catalog.BeancounterParameters;
using static Insula.Engine.Parameters.Catalog.DiskParameters;

namespace Insula.Engine.Planning.Splitting;

/// <summary>A host divided into equal containers: the bounds that each of them gets. What vzsplit writes.</summary>
public sealed class HostSplit
{
    private const long MiB = 1L << 20;
    private const long PageSize = Quantity.PageSize;
    private const long LeastPages = 1024;
    private const long LeastAverageProcesses = 15;
    private const long LeastProcesses = 30;
    private const long KiBForHost = 10L << 20; // 10 GiB of the disk are the host's own
    private const long KiBPerInode = 16;

    private readonly HostResources _host;
    private readonly Dictionary<ParameterDeclaration<BarrierLimit>, BarrierLimit> _bounds = [];

    private HostSplit(HostResources host, int containers, SplitLevel level)
    {
        _host = host;
        Containers = containers;
        Level = level;
    }

    /// <summary>CPUUNITS of each container.</summary>
    public const long CpuUnits = 1000;

    /// <summary>How many containers there are.</summary>
    public int Containers { get; }

    /// <summary>How well the host's resources suffice for them.</summary>
    public SplitLevel Level { get; }

    /// <summary>The bounds of each container.</summary>
    public IReadOnlyDictionary<ParameterDeclaration<BarrierLimit>, BarrierLimit> Bounds => _bounds;

    /// <summary>Divides a host.</summary>
    /// <param name="host">The host; the swap in it is what is divided.</param>
    /// <param name="containers">Into how many containers.</param>
    /// <param name="diskKiB">The file system of the private areas in KiB; null: disk space is not divided.</param>
    /// <exception cref="InsulaException">6: not enough for so many.</exception>
    public static HostSplit Make(HostResources host, int containers, long? diskKiB)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(containers, 1);
        var why = "";
        foreach (var level in SplitLevel.All)
        {
            var split = new HostSplit(host, containers, level);
            if (split.TryFill() is { } reason)
            {
                why = reason;
                continue;
            }
            if (diskKiB is { } disk)
                split.SetDisk(disk);
            return split;
        }
        throw new InsulaException(ExitCode.NotEnoughResources, $"This host has not enough resources for {containers} containers: {why}", "Ask for fewer");
    }

    // Returns what there is not enough of, or null.
    private string? TryFill()
    {
        var total = (_host.MemoryAndSwap - 50 * MiB) / Containers;
        var low = (long)(0.4 * _host.LowMemory * Level.LowFactor / Containers);
        var guaranteed = (total - low) / PageSize;
        if (guaranteed < LeastPages)
            return $"{Math.Max(0, guaranteed)} pages of memory would be guaranteed to each, {LeastPages} are needed";
        var kernel = low / 2;
        var average = kernel / Level.KernelPerProcess;
        if (average < LeastAverageProcesses)
            return $"there is kernel memory for {average} processes in each, {LeastAverageProcesses} are needed";
        var processes = Processes(average);
        var buffer = (low - kernel) / 3;
        var reserve = Level.BufferPerProcess * processes;
        if (buffer < Level.BufferBase + reserve)
            return $"each would have socket buffers of {buffer} bytes, {Level.BufferBase + reserve} are needed";
        SetProcesses(average, processes);
        SetKernel(kernel, average);
        SetBuffers(buffer, reserve);
        SetMemory(guaranteed);
        return null;
    }

    private long Processes(long average)
    {
        var threads = Math.Min(_host.MaximumThreads, _host.LowMemory > 2048 * MiB ? 16000 : 8000);
        var share = Math.Max(LeastProcesses, (long)(Level.ProcessFactor * threads / Containers));
        return Math.Clamp(share, 2 * average, Level.PeakFactor * average);
    }

    private void SetProcesses(long average, long processes)
    {
        Set(NumProc, processes);
        Set(AvNumProc, average);
        Set(NumTcpSock, processes);
        Set(NumOtherSock, processes);
        Set(NumPty, Math.Clamp(processes / 10, 4, 512));
        Set(NumSigInfo, Level.QueuedSignals);
        Set(NumIptEnt, Math.Clamp(2000 / Containers, 4, 200));
    }

    private void SetKernel(long kernel, long average)
    {
        var files = 32 * average;
        var cache = (long)(files * 384 * Level.CacheFactor);
        var locks = Math.Min(files / 10, 1000);
        Set(KMemSize, kernel, Tenth(kernel));
        Set(NumFile, files);
        Set(DCacheSize, (long)(cache / 1.03), cache);
        Set(NumFlock, locks, Tenth(locks));
        Set(LockedPages, Math.Max(4, (long)((double)kernel * Level.LockedFactor / 204800)));
    }

    private void SetBuffers(long buffer, long reserve)
    {
        Set(TcpSndBuf, buffer - reserve, buffer);
        Set(TcpRcvBuf, buffer - reserve, buffer);
        Set(OtherSockBuf, buffer - reserve, buffer);
        Set(DgramRcvBuf, Level.BufferBase);
    }

    private void SetMemory(long guaranteed)
    {
        var most = (long)(guaranteed * Level.PrivateFactor);
        if (Containers > 1)
            most = Math.Min(most, (long)(0.6 * _host.Memory / PageSize));
        // With much more swap than RAM the bound above would be below the guarantee, which would then be worth nothing.
        most = Math.Max(most, guaranteed);
        Set(VmGuarPages, guaranteed, BarrierLimit.Unlimited);
        Set(OomGuarPages, guaranteed, BarrierLimit.Unlimited);
        Set(PrivVmPages, most, Tenth(most));
        Set(ShmPages, most / 10);
        Set(PhysPages, 0, BarrierLimit.Unlimited);
    }

    private void SetDisk(long diskKiB)
    {
        var most = (diskKiB - KiBForHost) / (2 * Containers);
        if (most <= 0)
            return;
        Set(DiskSpace, (long)(most / 1.1), most);
        var inodes = Math.Max(1, most / KiBPerInode);
        Set(DiskInodes, (long)(inodes / 1.1), inodes);
    }

    // A tenth more, and at least one: what is left when the barrier has been reached.
    private static long Tenth(long value) => Math.Max(value + 1, (long)(value * 1.1));

    private void Set(ParameterDeclaration<BarrierLimit> parameter, long both) => Set(parameter, both, both);

    private void Set(ParameterDeclaration<BarrierLimit> parameter, long barrier, long limit) => _bounds[parameter] = new BarrierLimit(barrier, limit);
}

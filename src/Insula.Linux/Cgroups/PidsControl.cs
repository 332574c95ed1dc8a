namespace Insula.Linux.Cgroups;

/// <summary>How many processes and threads a group may have. The files are the same in v1 and v2.</summary>
public sealed class PidsControl
{
    private readonly string _directory;

    internal PidsControl(string directory) => _directory = directory;

    /// <summary>The bound on tasks (pids.max). Setting it below the present number ends nothing; it only refuses more.</summary>
    public CgroupLimit Max
    {
        get => CgroupLimit.FromKernel(CgroupFile.Read(MaxFile), MaxFile);
        set => CgroupFile.Write(MaxFile, value.ToUnifiedText());
    }

    /// <summary>Tasks at present.</summary>
    public long Current => CgroupFile.ReadNumber($"{_directory}/pids.current");

    /// <summary>The most tasks there ever were (pids.peak, Linux 6.6); null on older kernels.</summary>
    public long? Peak => CgroupFile.TryReadNumber($"{_directory}/pids.peak");

    /// <summary>How many forks the bound refused (pids.events).</summary>
    public long FailCount => CgroupFile.TryReadKeyed($"{_directory}/pids.events", "max") ?? 0;

    private string MaxFile => $"{_directory}/pids.max";
}

using Insula.Engine.Configuration;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters;

/// <summary>The account of a container, or the host, that is being read: each row costs what it takes to find out, once.</summary>
internal sealed class OpenBeancounter(IAccount account, ContainerConfig? config, KeptPeaks peaks)
{
    /// <summary>All rows, by number.</summary>
    /// <exception cref="LinuxException">ENOENT or ENODEV: the container has stopped since it was found running.</exception>
    public IReadOnlyList<BeancounterReading> ReadAll()
    {
        var rows = new BeancounterReading[BeancounterResources.All.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = ReadRow(BeancounterResources.All[i]);
        peaks.Save();
        return rows;
    }

    /// <summary>One row; null if the container has stopped since it was found running.</summary>
    public BeancounterReading? TryReadRow(BeancounterResource resource)
    {
        try
        {
            var row = ReadRow(resource);
            peaks.Save();
            return row;
        }
        catch (LinuxException error) when (IsGone(error))
        {
            return null;
        }
    }

    /// <summary>As <see cref="ReadAll"/>; null if the container has stopped since it was found running.</summary>
    public IReadOnlyList<BeancounterReading>? TryReadAll()
    {
        try
        {
            return ReadAll();
        }
        catch (LinuxException error) when (IsGone(error))
        {
            return null;
        }
    }

    private static bool IsGone(LinuxException error) => error.Errno is Errno.ENOENT or Errno.ENODEV;

    private BeancounterReading ReadRow(BeancounterResource resource)
    {
        var figures = account.Read(resource);
        var bounds = config is null ? BeancounterBounds.Default(resource) : BeancounterBounds.Of(config, resource);
        var peak = Math.Max(figures.MaxHeld ?? peaks.Raise(resource, figures.Held), figures.Held);
        return new BeancounterReading(resource, figures.Held, peak, bounds.Barrier, bounds.Limit, figures.FailCount ?? 0);
    }
}

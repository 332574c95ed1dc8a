using System.Globalization;
using Insula.Engine.Configuration;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>RUNDIR/insulad: <c>pid start-time connection requests lock listener</c> of the keeper.</summary>
internal static class DaemonState
{
    /// <summary>Says that this process is the keeper.</summary>
    public static void Save(DaemonFiles files, ServedConnection served)
    {
        var own = Environment.ProcessId;
        var numbers = served.Descriptors.Select(descriptor => descriptor.Number.ToString(CultureInfo.InvariantCulture));
        var text = $"{own} {ProcessStatus.TryReadStartTime(own)} {string.Join(' ', numbers)}\n";
        AtomicFile.Replace(files.StateFile, System.Text.Encoding.ASCII.GetBytes(text), durable: false);
    }

    /// <summary>The running keeper and the numbers of its descriptors; null if none runs.</summary>
    public static (PidFd Keeper, int[] Descriptors)? Find(DaemonFiles files)
    {
        if (!File.Exists(files.StateFile))
            return null;
        var words = File.ReadAllText(files.StateFile).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 6 || !words.All(word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return null;
        var pid = int.Parse(words[0], CultureInfo.InvariantCulture);
        var keeper = PidFd.TryOpen(pid);
        if (keeper is not null && ProcessStatus.TryReadStartTime(pid) == ulong.Parse(words[1], CultureInfo.InvariantCulture) && !keeper.HasEnded)
            return (keeper, [.. words[2..].Select(word => int.Parse(word, CultureInfo.InvariantCulture))]);
        keeper?.Dispose();
        return null;
    }

    /// <summary>The running keeper's process; null if none runs.</summary>
    public static int? FindKeeper(Host.HostLayout layout)
    {
        if (Find(new DaemonFiles(layout)) is not var (keeper, _))
            return null;
        using (keeper)
            return keeper.Pid;
    }

    /// <summary>Copies of a running keeper's descriptors; null if it has just ended.</summary>
    public static ServedConnection? TryCopyFrom(PidFd keeper, int[] descriptors)
    {
        var copies = new List<FileDescriptor>();
        try
        {
            foreach (var number in descriptors)
                copies.Add(keeper.GetDescriptor(number));
            return new ServedConnection(copies[0], copies[1], copies[2], copies[3]);
        }
        catch (LinuxException error)
        {
            copies.ForEach(copy => copy.Dispose());
            if (error.Errno is Errno.ESRCH or Errno.EBADF)
                return null;
            throw;
        }
    }
}

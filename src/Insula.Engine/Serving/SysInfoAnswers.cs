using Insula.Engine.Containers;
using Insula.Engine.ProcFs;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>What sysinfo(2) says in containers: the figures of their /proc files. Those who ask within a hundredth of a second of each other get the same. One thread.</summary>
/// <param name="views">The running containers.</param>
internal sealed class SysInfoAnswers(IContainerViews views)
{
    private const long Fresh = 10; // milliseconds
    private const int MostKept = 64;

    private readonly Dictionary<Ctid, (long At, byte[] Native, byte[] Compat)> _kept = [];

    /// <summary>The structure for a caller; null if the container does not run, or has just ended.</summary>
    public byte[]? Of(Ctid ctid, bool is32Bit)
    {
        var now = Environment.TickCount64;
        if (!_kept.TryGetValue(ctid, out var answer) || now - answer.At >= Fresh)
        {
            if (Read(ctid) is not { } information)
                return null;
            if (_kept.Count >= MostKept)
                _kept.Clear();
            _kept[ctid] = answer = (now, information.ToBytes(is32Bit: false), information.ToBytes(is32Bit: true));
        }
        return is32Bit ? answer.Compat : answer.Native;
    }

    private SystemInformation? Read(Ctid ctid)
    {
        if (views.Find(ctid) is not { } view)
            return null;
        try
        {
            var memory = view.Memory;
            return new SystemInformation(
                (view.Uptime + 99) / 100, view.Load, memory.Total, memory.Free, memory.Shared, memory.SwapTotal, memory.SwapFree, view.Tasks);
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV or Errno.ESRCH)
        {
            return null;
        }
    }
}

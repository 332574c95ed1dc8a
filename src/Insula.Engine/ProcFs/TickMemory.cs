namespace Insula.Engine.ProcFs;

/// <summary>
/// Sees to it that times never run backwards, as programs take differences: when processors are taken away, and where the kernel tells the sum
/// only, the share of each becomes another.
/// </summary>
internal sealed class TickMemory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (long User, long System, long Idle)> _last = [];
    private (long User, long System, long Idle) _sum;

    /// <summary>What to show, from what was computed anew.</summary>
    public ProcessorTicks Next(ProcessorTicks computed)
    {
        lock (_lock)
        {
            var each = new List<(int Number, long User, long System, long Idle)>(computed.Each.Count);
            foreach (var (number, user, system, idle) in computed.Each)
            {
                var last = _last.GetValueOrDefault(number);
                var now = (User: Math.Max(user, last.User), System: Math.Max(system, last.System), Idle: Math.Max(idle, last.Idle));
                _sum = (_sum.User + now.User - last.User, _sum.System + now.System - last.System, _sum.Idle + now.Idle - last.Idle);
                _last[number] = now;
                each.Add((number, now.User, now.System, now.Idle));
            }
            return new ProcessorTicks(each, _sum.User, _sum.System, _sum.Idle);
        }
    }
}

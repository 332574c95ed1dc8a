using System.Collections.Concurrent;
using Insula.Engine.Containers;

namespace Insula.Engine.Boot;

/// <summary>Does one thing to many containers, several at a time, step by step. One that fails does not keep the others from theirs.</summary>
/// <param name="parallel">How many at a time.</param>
/// <param name="work">What to do with one: gives vzctl's exit code.</param>
public sealed class ContainerBatch(int parallel, Func<Ctid, int> work)
{
    /// <summary>Works through the steps.</summary>
    /// <returns>Those that failed, with their exit codes, in ascending order.</returns>
    public IReadOnlyList<(Ctid Ctid, int Code)> Run(IReadOnlyList<IReadOnlyList<Ctid>> steps)
    {
        var failed = new ConcurrentBag<(Ctid Ctid, int Code)>();
        foreach (var step in steps)
            RunStep(step, failed);
        return [.. failed.OrderBy(failure => failure.Ctid)];
    }

    // Threads of their own, which mostly wait: the pool would hold back all but one for each processor.
    private void RunStep(IReadOnlyList<Ctid> step, ConcurrentBag<(Ctid Ctid, int Code)> failed)
    {
        var waiting = new ConcurrentQueue<Ctid>(step);
        var threads = new List<Thread>();
        for (var i = 0; i < Math.Min(parallel, step.Count); i++)
        {
            var thread = new Thread(() => Work(waiting, failed));
            thread.Start();
            threads.Add(thread);
        }
        foreach (var thread in threads)
            thread.Join();
    }

    private void Work(ConcurrentQueue<Ctid> waiting, ConcurrentBag<(Ctid Ctid, int Code)> failed)
    {
        while (waiting.TryDequeue(out var ctid))
        {
            var code = work(ctid);
            if (code != 0)
                failed.Add((ctid, code));
        }
    }
}

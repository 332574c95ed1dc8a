using System.Globalization;
using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Parameters;
using Insula.Linux.Cgroups;
using Insula.System.Tests.Cgroups;

namespace Insula.System.Tests.Beancounters;

public class BpfMemoryTests
{
    private const int MapNoReserve = 0x4022; // MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE

    private static readonly BeancounterResource Private = BeancounterResources.PrivateMemory;

    [Fact]
    public void Memory_is_refused_at_the_barrier_with_ENOMEM_and_can_be_had_again_when_it_was_freed()
    {
        using var group = Begin(out var before, room: 10_000);
        var at = group.AskNumber("map(6000)");
        Assert.Equal(before + 6000, group.Count(Private).Held);
        Assert.Equal("\"ENOMEM\"", group.Ask("map(6000)"));
        Assert.Equal("\"ENOMEM\"", group.Ask("map(100000)"));
        Assert.Equal((before + 6000, 2), (group.Count(Private).Held, group.Count(Private).FailCount));
        group.Ask($"unmap({at}, 6000)");
        Assert.Equal(before, group.Count(Private).Held);
        Assert.NotEqual("\"ENOMEM\"", group.Ask("map(9000)"));
        Assert.Equal(new BpfCount(before + 9000, before + 9000, 2), group.Count(Private));
        // Whatever malloc does with it, Python hears of it too.
        Assert.Equal("\"MemoryError\"", group.Ask("len(bytearray(100 << 20))"));
    }

    [Fact]
    public void Who_allocates_and_frees_for_ever_is_never_refused()
    {
        using var group = Begin(out var before, room: 10_000);
        Assert.Equal("0", group.Ask("sum(1 for i in range(3000) if isinstance(at := map(9000), str) or unmap(at, 9000))"));
        Assert.Equal(new BpfCount(before, before + 9000, 0), group.Count(Private));
    }

    [Fact]
    public void Mappings_that_cannot_be_written_or_are_shared_count_nothing()
    {
        using var group = Begin(out var before, room: 10_000);
        group.Ask("map(50000, prot=1)");
        group.Ask("none = map(50000, prot=0)");
        Assert.Equal(before, group.Count(Private).Held);
        // Until they can be written.
        Assert.Equal("0", group.Ask("protect(none, 6000, 3)"));
        Assert.Equal(before + 6000, group.Count(Private).Held);
        Assert.Equal("\"ENOMEM\"", group.Ask("protect(none + 6000 * 4096, 6000, 3)"));
        Assert.Equal("0", group.Ask("protect(none, 6000, 0)"));
        Assert.Equal(before, group.Count(Private).Held);
        Assert.Equal("0", group.Ask("protect(none + 6000 * 4096, 6000, 3)"));
        Assert.Equal(before + 6000, group.Count(Private).Held);
    }

    [Fact]
    public void Mappings_without_reserve_are_held_to_the_barrier_too()
    {
        using var group = Begin(out var before, room: 10_000);
        group.Ask($"none = map(50000, prot=0, flags={MapNoReserve})");
        Assert.Equal(before, group.Count(Private).Held);
        Assert.Equal("0", group.Ask("protect(none, 6000, 3)"));
        Assert.Equal(before + 6000, group.Count(Private).Held);
        Assert.Equal("\"ENOMEM\"", group.Ask("protect(none + 6000 * 4096, 6000, 3)"));
        Assert.Equal("\"ENOMEM\"", group.Ask($"map(6000, flags={MapNoReserve})"));
        Assert.Equal((before + 6000, 2), (group.Count(Private).Held, group.Count(Private).FailCount));
        group.Ask($"map(3000, flags={MapNoReserve})");
        Assert.Equal(before + 9000, group.Count(Private).Held);
    }

    [Fact]
    public void The_processes_of_a_container_share_what_it_may_have()
    {
        using var group = Begin(out var before, room: 60_000);
        StartChildren(group, 2);
        Assert.Equal(SumOfProcesses(group), group.Count(Private).Held);
        var room = before + 60_000 - group.Count(Private).Held;
        Assert.StartsWith("\"1", ChildDoes(group, 0, $"map({room - 5000})"), StringComparison.Ordinal);
        Assert.Equal("\"ENOMEM\"", ChildDoes(group, 1, "map(6000)"));
        Assert.StartsWith("\"1", ChildDoes(group, 1, "map(4000)"), StringComparison.Ordinal);
        Assert.Equal("\"ENOMEM\"", group.Ask("map(2000)"));
        Assert.Equal(SumOfProcesses(group), group.Count(Private).Held);
        // What ends gives back.
        ChildDoes(group, 0, "os._exit(0)");
        group.Ask("os.wait()");
        Assert.Equal(SumOfProcesses(group), group.Count(Private).Held);
        Assert.StartsWith("1", group.Ask("map(10000)"), StringComparison.Ordinal);
        Assert.True(group.Count(Private).MaxHeld <= before + 60_000);
    }

    [Fact]
    public void A_fork_needs_room_for_the_whole_copy()
    {
        using var group = Begin(out var before, room: 20_000);
        group.Ask($"map({(before + 20_000 - 1000 - before)})");
        Assert.Equal("\"ENOMEM\"", group.Ask("os.fork()"));
        var count = group.Count(Private);
        Assert.Equal((before + 19_000, 1L), (count.Held, count.FailCount));
        // A fork that fails for another reason, after the copy was made, gives back what it was charged.
        Assert.SkipWhen(group.Group.Pids is null, "no pids controller");
        group.Accounting.SetLimits(group.Ctid, CountedGroup.Limits(Private, 10 * (before + 20_000)));
        group.Group.Pids!.Max = new CgroupLimit(1);
        Assert.Equal("\"EAGAIN\"", group.Ask("os.fork()"));
        Assert.Equal((before + 19_000, 1L), (group.Count(Private).Held, group.Count(Private).FailCount));
    }

    [Fact]
    public void Programs_that_are_executed_begin_anew()
    {
        using var group = Begin(out var before, room: 100_000);
        group.Ask("map(20000)");
        group.Ask("import_ok = os.posix_spawn('/bin/sleep', ['sleep', '1000'], {})");
        var child = group.Ask("import_ok");
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{child}/cmdline").StartsWith("sleep", StringComparison.Ordinal), ScratchGroup.Patience));
        // Until it sleeps it loads its libraries: the two figures are not of one moment.
        (long Counted, long Shown) last = default;
        SpinWait.SpinUntil(() => (last = (group.Count(Private).Held, before + 20_000 + Data(child))) is var (counted, shown) && counted == shown, ScratchGroup.Patience);
        Assert.Equal(last.Shown, last.Counted);
        group.Ask($"os.kill({child}, 9); os.wait()");
        Assert.Equal(before + 20_000, group.Count(Private).Held);
    }

    [Fact]
    public async Task Whatever_many_do_at_once_never_more_is_held_than_the_barrier_allows_and_nothing_is_lost()
    {
        using var group = Begin(out var before, room: 1_000_000);
        StartMappers(group);
        // The threads have their stacks by now. All that they ask for is in steps of 2000 pages, so that some pages are always left for
        // what Python needs for itself, and none of it fails but what is meant to.
        var ready = group.Count(Private).Held;
        var barrier = ready + 200_000 + 1999;
        group.Accounting.SetLimits(group.Ctid, CountedGroup.Limits(Private, barrier));
        var asking = Task.Run(() => group.AskNumber("[os.write(go, b'g') for r, go in ends] and sum(json.loads(os.read(r, 100)) for r, go in ends)"));
        var seen = 0L;
        while (!asking.IsCompleted)
        {
            seen = Math.Max(seen, group.Count(Private).Held);
            Thread.Sleep(1);
        }
        var refused = await asking;
        var count = group.Count(Private);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} barrier {barrier}, seen at most {seen}, refused {refused}");
        Assert.InRange(seen, before, barrier);
        Assert.True(count.MaxHeld <= barrier);
        Assert.Equal(SumOfProcesses(group), count.Held);
        Assert.True(refused > 0);
        Assert.Equal(refused, count.FailCount);
        group.Ask("for r, go in ends: os.close(go)\nfor r in ends: os.wait()");
        Assert.Equal(SumOfProcesses(group), group.Count(Private).Held);
    }

    // The Python has come to rest: nothing it keeps for itself grows while it is asked.
    private static CountedGroup Begin(out long before, long room)
    {
        var group = CountedGroup.Start(Private, BarrierLimit.Unlimited);
        for (var i = 0; i < 3; i++)
            group.Ask("isinstance(unmap(map(10), 10), str) or str(json.dumps('x' * 100))");
        before = group.Count(Private).Held;
        Assert.Equal(Data(group.Pid.ToString(CultureInfo.InvariantCulture)), before);
        group.Accounting.SetLimits(group.Ctid, CountedGroup.Limits(Private, before + room));
        return group;
    }

    // Four processes of three threads each, which exist, and wait to be let go.
    private static void StartMappers(CountedGroup group)
    {
        Assert.Equal("null", group.Ask("""
            import random
            def work(seed, start):
                rnd, mine = random.Random(seed), []
                start.wait()
                for i in range(300):
                    if mine and rnd.random() < 0.5: unmap(*mine.pop(rnd.randrange(len(mine))))
                    else:
                        pages = 2000 * rnd.randrange(1, 10); at = map(pages)
                        if isinstance(at, str): refused.append(pages)
                        else: mine.append((at, pages))
            def child(p, w, back):
                start = threading.Barrier(4)
                t = [threading.Thread(target=work, args=(p * 10 + i, start)) for i in range(3)]
                [x.start() for x in t]
                os.write(w, b'r'); os.read(back, 1); start.wait()
                [x.join() for x in t]
                os.write(w, json.dumps(len(refused)).encode())
                os.read(back, 1)
            refused, ends = [], []
            for p in range(4):
                r, w = os.pipe(); back, go = os.pipe()
                if os.fork() == 0:
                    try:
                        os.close(r); os.close(go); [os.close(x[1]) for x in ends]
                        child(p, w, back)
                    finally: os._exit(0)
                os.close(w); os.close(back); ends.append((r, go))
            """));
        Assert.Equal("\"rrrr\"", group.Ask("''.join(os.read(r, 1).decode() for r, go in ends)"));
    }

    private static void StartChildren(CountedGroup group, int count) => group.Ask($$"""
        children = []
        for i in range({{count}}):
            r, w = os.pipe(); r2, w2 = os.pipe()
            if os.fork() == 0:
                while True: os.write(w2, repr(eval(os.read(r, 1000))).encode())
            children.append((w, r2))
        """);

    private static string ChildDoes(CountedGroup group, int child, string python)
    {
        var answer = group.Ask($"(os.write(children[{child}][0], {'"'}{python}{'"'}.encode()), '' if 'exit' in {'"'}{python}{'"'} else os.read(children[{child}][1], 1000).decode().strip(chr(39)))[1]");
        return answer;
    }

    private static long Data(string pid)
        => long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[5], CultureInfo.InvariantCulture);

    private static long SumOfProcesses(CountedGroup group) => group.Pids.Sum(pid => Data(pid.ToString(CultureInfo.InvariantCulture)));
}

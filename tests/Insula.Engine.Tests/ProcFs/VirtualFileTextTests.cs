using System.Globalization;
using System.Text;
using CsCheck;
using Insula.Engine.Beancounters;
using Insula.Engine.ProcFs;
using Insula.Linux.BlockDevices;
using Insula.Linux.Cgroups;

namespace Insula.Engine.Tests.ProcFs;

public sealed class VirtualFileTextTests
{
    private static string Text(string path, IContainerView view)
    {
        var buffer = new TextBuffer();
        Assert.Single(VirtualFiles.All, file => file.Path == path).Render(view, buffer);
        return Encoding.UTF8.GetString(buffer.Written);
    }

    private static long Figure(string text, string name)
        => long.Parse(text.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    [Fact]
    public void Meminfo_has_the_kernels_columns_and_agrees_with_itself()
    {
        var view = new FixedView
        {
            Memory = new MemoryFigures
            {
                Total = 256L << 20,
                Used = 100L << 20,
                SwapTotal = 64L << 20,
                SwapUsed = 4L << 20,
                Cache = 60L << 20,
                ActiveFile = 20L << 20,
                InactiveFile = 30L << 20,
            },
        };
        var text = Text("proc/meminfo", view);
        Assert.StartsWith("MemTotal:         262144 kB\nMemFree:          159744 kB\n", text);
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Equal(27, line.Length));
        Assert.Equal((156L + 50) << 10, Figure(text, "MemAvailable:"));
        Assert.Equal((64L << 10, 60L << 10), (Figure(text, "SwapTotal:"), Figure(text, "SwapFree:")));
    }

    [Fact]
    public void Meminfo_is_never_negative_and_available_never_more_than_all()
        => Gen.Select(Gen.Long[0, 1L << 44], Gen.Long[0, 1L << 44], Gen.Long[0, 1L << 40], Gen.Long[0, 1L << 40]).Sample((total, used, file, swap) =>
        {
            var text = Text("proc/meminfo", new FixedView
            {
                Memory = new MemoryFigures { Total = total, Used = used, ActiveFile = file, Cache = file, SwapTotal = swap, SwapUsed = used },
            });
            Assert.DoesNotContain("-", text);
            Assert.InRange(Figure(text, "MemAvailable:"), Figure(text, "MemFree:"), Figure(text, "MemTotal:"));
        });

    [Theory]
    [InlineData("0-1")]
    [InlineData("3")]
    [InlineData("1,5,7-9,255")]
    [InlineData("0-255")]
    public void Stat_has_a_line_for_each_processor_and_their_sum(string processors)
    {
        Assert.True(CpuSet.TryParse(processors, out var set));
        var used = Enumerable.Range(0, 256).Select(cpu => cpu * 10_000_000L).ToList();
        var view = new FixedView { Processors = set, Times = new CpuTimes(used, used), Uptime = 100_000 };
        var lines = Text("proc/stat", view).Split('\n');
        var each = lines.Where(line => line.StartsWith("cpu", StringComparison.Ordinal) && line[3] != ' ').Select(Numbers).ToList();
        Assert.Equal(set.Members, lines.Where(line => line.StartsWith("cpu", StringComparison.Ordinal) && line[3] != ' ').Select(line => int.Parse(line[3..line.IndexOf(' ')], CultureInfo.InvariantCulture)));
        var sum = Numbers(lines[0]);
        Assert.Equal(10, sum.Length);
        for (var column = 0; column < sum.Length; column++)
            Assert.Equal(each.Sum(cpu => cpu[column]), sum[column]);
        // Also what was used on processors it does not see.
        Assert.Equal(255 * 256 / 2, sum[0]);
        Assert.Contains("btime 1700000000", lines);

        static long[] Numbers(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
    }

    [Fact]
    public void Times_never_run_backwards_whatever_processors_come_and_go()
        => Gen.Select(Gen.Int[1, 8], Gen.Long[0, 50_000_000]).Array[1, 30].Sample(steps =>
        {
            var memory = new TickMemory();
            long user = 0, system = 0, uptime = 0;
            ProcessorTicks? last = null;
            foreach (var (count, more) in steps)
            {
                (user, system, uptime) = (user + more, system + (more / 2), uptime + 100);
                var set = CpuSet.Range(0, count - 1);
                var next = memory.Next(ProcessorTicks.Of(set, CpuTimes.Spread(new CpuUsage(user + system, user, system), set), uptime));
                Assert.True(last is null || (next.User >= last.User && next.System >= last.System && next.Idle >= last.Idle));
                foreach (var (number, u, s, idle) in last?.Each ?? [])
                    Assert.All(next.Each.Where(cpu => cpu.Number == number), cpu => Assert.True(cpu.User >= u && cpu.System >= s && cpu.Idle >= idle));
                last = next;
            }
        });

    [Fact]
    public void Uptime_and_loadavg_have_two_decimals()
    {
        var view = new FixedView { Times = null, Uptime = 1205 };
        Assert.Equal("12.05 24.10\n", Text("proc/uptime", view));
        Assert.Equal("0.05 1.05 0.01 1/7 0\n", Text("proc/loadavg", view));
    }

    [Fact]
    public void Cpuinfo_shows_the_processors_of_the_container_alone()
    {
        var view = new FixedView { Processors = CpuSet.Of([1, 3]) };
        view.HostFiles["/proc/cpuinfo"] = string.Concat(Enumerable.Range(0, 4).Select(cpu => $"processor\t: {cpu}\nmodel name\t: X\n\n"));
        Assert.Equal("processor\t: 1\nmodel name\t: X\n\nprocessor\t: 3\nmodel name\t: X\n\n", Text("proc/cpuinfo", view));
        Assert.Equal("1,3\n", Text("sys/devices/system/cpu/online", view));
    }

    [Fact]
    public void Without_swap_there_is_no_swap_area()
    {
        Assert.Single(Text("proc/swaps", new FixedView()).TrimEnd('\n').Split('\n'));
        var memory = new MemoryFigures { Total = 1 << 20, Used = 0, SwapTotal = 2048, SwapUsed = 9000 };
        Assert.EndsWith("\t2\t\t2\t\t-2\n", Text("proc/swaps", new FixedView { Memory = memory }));
    }

    [Fact]
    public void Pressure_is_that_of_the_group_or_none()
    {
        var view = new FixedView();
        Assert.StartsWith("some avg10=0.00", Text("proc/pressure/io", view));
        view.UnifiedFiles["io.pressure"] = "some avg10=1.00 avg60=0.00 avg300=0.00 total=9";
        Assert.Equal("some avg10=1.00 avg60=0.00 avg300=0.00 total=9\n", Text("proc/pressure/io", view));
    }

    [Fact]
    public void Diskstats_has_the_devices_that_were_used()
    {
        var view = new FixedView { Disks = [new DeviceUse(new DeviceNumber(8, 0), 8192, 2, 512, 1, 0, 0), new DeviceUse(new DeviceNumber(9, 9), 1, 1, 1, 1, 1, 1)] };
        view.HostFiles["/proc/diskstats"] = "   8       0 sda 1 2 3 4 5 6 7 8 9 10 11\n   8      16 sdb 1 2 3 4 5 6 7 8 9 10 11\n";
        var line = Assert.Single(Text("proc/diskstats", view).TrimEnd('\n').Split('\n'));
        Assert.Equal("   8       0 sda 2 0 16 0 1 0 1 0 0 0 0 0 0 0 0 0 0", line);
    }

    [Fact]
    public void Vmstat_counts_what_procps_reads()
    {
        var memory = new MemoryFigures { Total = 8 << 20, Used = 4 << 20, SwapTotal = 0, SwapUsed = 0, Faults = 11, MajorFaults = 2, OomKills = 1 };
        var text = Text("proc/vmstat", new FixedView { Memory = memory, Disks = [new DeviceUse(new DeviceNumber(8, 0), 8192, 2, 4096, 1, 0, 0)] });
        Assert.Contains("\npgpgin 8\npgpgout 4\npswpin 0\npswpout 0\npgfault 11\npgmajfault 2\noom_kill 1\n", text);
        Assert.StartsWith("nr_free_pages 1024\n", text);
    }

    [Theory]
    [InlineData(100, "100\n")]
    [InlineData(-1, "5000\n")]
    [InlineData(9000, "5000\n")]
    public void Threads_max_is_what_the_container_may_have(long limit, string text)
    {
        var view = new FixedView { TaskLimit = limit < 0 ? CgroupLimit.Unlimited : new CgroupLimit(limit) };
        view.HostFiles["/proc/sys/kernel/threads-max"] = "5000\n";
        Assert.Equal(text, Text("proc/sys/kernel/threads-max", view));
    }

    [Fact]
    public void OpenVZ_files_have_its_layout()
    {
        var view = new FixedView { Addresses = ["192.0.2.7", "2001:db8::1/64"], Times = new CpuTimes([10_000_000_000], [5_000_000_000]), Processors = CpuSet.Range(0, 0), Uptime = 9000 };
        Assert.Equal("       101     0     7       192.0.2.7     2001:db8::1\n", Text("vz/veinfo", view));
        var lines = Text("vz/vestat", view).Split('\n');
        Assert.Equal("Version: 2.2".PadRight(251), lines[0]);
        Assert.Equal([251, 251, 251, 0], lines.Select(line => line.Length));
        Assert.Equal(
            ["101", "1000", "0", "500", "9000", "75000000000", "0", "90000000000", "15000000000", "0", "0", "0"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        view.HostFiles["/proc/sys/kernel/osrelease"] = "6.12.1\n";
        Assert.Equal("6.12.1\n", Text("vz/version", view));
    }

    [Fact]
    public void Beancounters_are_the_containers_own_and_roots()
    {
        var rows = BeancounterResources.All.Select((resource, i) => new BeancounterReading(resource, i, i, i, i, 0)).ToList();
        var view = new FixedView { Beancounters = new Beancounter(new(101), rows) };
        Assert.Equal(BeancounterFile.UserBeancounters([view.Beancounters]), Text("user_beancounters", view));
        Assert.Equal(26, Text("user_beancounters", view).TrimEnd('\n').Split('\n').Length);
        Assert.Equal(BeancounterFile.ResourcesOf(view.Beancounters), Text("bc/CTID/resources", view));
        Assert.Equal(0x100u, VirtualFiles.All.Single(file => file.Path == "user_beancounters").Mode);
    }

    [Theory]
    [InlineData(0, "0-3")]
    [InlineData(100, "0")]
    [InlineData(101, "0-1")]
    [InlineData(150, "0-1")]
    [InlineData(1000, "0-3")]
    public void A_limit_on_processor_time_shows_as_processors_rounded_up(int percent, string seen)
        => Assert.Equal(seen, VisibleProcessors.Of(CpuSet.Range(0, 3), percent).ToString());

    [Fact]
    public void Host_files_of_any_text_break_no_file()
        => Gen.String[Gen.Char[" 0123456789:\n\tkBprocesuanwd-"], 0, 400].Sample(text =>
        {
            var view = new FixedView();
            foreach (var path in new[] { "/proc/cpuinfo", "/proc/diskstats", "/proc/sys/kernel/threads-max", "/proc/sys/kernel/osrelease" })
                view.HostFiles[path] = text;
            foreach (var file in VirtualFiles.All.Where(file => file.CoversKernelFile))
                file.Render(view, new TextBuffer());
            HostFigures.ParseMemory(text);
            MemoryStatistics.Parse(text, true);
            DeviceUse.ParseUnified(text);
            DeviceUse.ParseVersion1(text, text);
        });
}

using System.Diagnostics;
using System.Globalization;

namespace Insula.System.Tests.Commands;

/// <summary>What programs that everybody uses say in a container, beside its limits: busybox's and those of this machine's procps.</summary>
public sealed class ContainerFigureTests : IDisposable
{
    private const int Kibi = 1024;

    private readonly CommandHost _host = new();

    public ContainerFigureTests() => _host.UseDaemon();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Free_of_procps_shows_the_limits()
    {
        var ctid = _host.Container(started: true);
        HostProgram.Install(_host, ctid, "free");
        Assert.Equal(256 * Kibi, FreeTotal(ctid));
        var row = Row(_host.In(ctid, "/usr/bin/free -k"), "Mem:");
        Assert.InRange(row[1], 0, row[0]);
        Assert.InRange(row[5], 0, row[0]);
        var memory = _host.In(ctid, "cat /proc/meminfo");
        Assert.Contains($"MemTotal:         {256 * Kibi} kB\n", memory);
    }

    [Fact]
    public void A_change_of_memory_is_seen_at_once()
    {
        var ctid = _host.Container(started: true);
        HostProgram.Install(_host, ctid, "free");
        foreach (var megabytes in new[] { 128, 192, 64 })
        {
            _host.Vzctl("set", $"{ctid}", "--ram", $"{megabytes}M").Succeeds();
            Assert.Equal(megabytes * Kibi, FreeTotal(ctid));
        }
    }

    [Fact]
    public void Memory_that_is_taken_shows_as_used()
    {
        var ctid = _host.Container(started: true);
        HostProgram.Install(_host, ctid, "free");
        var before = Row(_host.In(ctid, "/usr/bin/free -k"), "Mem:");
        // Files of a tmpfs are the container's memory, and cannot be given back without swap.
        _host.In(ctid, "dd if=/dev/zero of=/run/big bs=1M count=40 2>/dev/null");
        var after = Row(_host.In(ctid, "/usr/bin/free -k"), "Mem:");
        Assert.InRange(before[5] - after[5], 36 * Kibi, 60 * Kibi);
        Assert.InRange(after[3] - before[3], 39 * Kibi, 42 * Kibi);
    }

    [Theory]
    [InlineData("--cpus", "1", 1)]
    [InlineData("--cpulimit", "50", 1)]
    [InlineData("--cpulimit", "100", 1)]
    [InlineData("--cpumask", "0", 1)]
    [InlineData("--cpulimit", "150", 2)]
    public void All_count_the_same_processors(string option, string value, int processors)
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "needs two processors");
        var ctid = _host.Container(started: true);
        HostProgram.Install(_host, ctid, "nproc");
        HostProgram.Install(_host, ctid, "getconf");
        _host.Vzctl("set", $"{ctid}", option, value).Succeeds();
        var expected = $"{processors}";
        Assert.Equal(expected, _host.In(ctid, "nproc").Trim());
        Assert.Equal(expected, _host.In(ctid, "/usr/bin/nproc").Trim());
        Assert.Equal(expected, _host.In(ctid, "/usr/bin/nproc --all").Trim());
        Assert.Equal(expected, _host.In(ctid, "/usr/bin/getconf _NPROCESSORS_ONLN").Trim());
        Assert.Equal(expected, _host.In(ctid, "/usr/bin/getconf _NPROCESSORS_CONF").Trim());
        Assert.Equal(expected, _host.In(ctid, "grep -c ^processor /proc/cpuinfo").Trim());
        Assert.Equal(expected, _host.In(ctid, "grep -c '^cpu[0-9]' /proc/stat").Trim());
        Assert.Equal(expected, _host.In(ctid, "ls -d /sys/devices/system/cpu/cpu[0-9]* | grep -c .").Trim());
    }

    [Fact]
    public void Uptime_and_load_of_procps_are_the_containers()
    {
        var ctid = _host.Container(started: true);
        HostProgram.Install(_host, ctid, "uptime");
        var text = _host.In(ctid, "LC_ALL=C /usr/bin/uptime");
        // A container that has just started: " 06:09:29 up 0 min,  0 users,  load average: 0.00, 0.00, 0.00"
        Assert.Matches(@"up \d{1,2} min,", text);
        Assert.Matches(@"load average: \d\.\d\d, \d\.\d\d, \d\.\d\d", text);
    }

    [Fact]
    public void What_a_busy_process_uses_shows_in_stat_and_in_the_load()
    {
        var ctid = _host.Container(started: true);
        var before = Row(_host.In(ctid, "cat /proc/stat"), "cpu");
        using var busy = _host.Start("exec", $"{ctid}", "while :; do :; done");
        try
        {
            for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(500))
            {
                var now = Row(_host.In(ctid, "cat /proc/stat"), "cpu");
                Assert.All(now.Zip(before), pair => Assert.True(pair.First >= pair.Second, "a time ran backwards"));
                var load = double.Parse(_host.In(ctid, "cat /proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
                if (now[0] + now[2] - before[0] - before[2] > 100 && load > 0.05)
                    return;
                Assert.True(waited.Elapsed < TimeSpan.FromSeconds(120), $"load {load}, times {string.Join(' ', now)}");
            }
        }
        finally
        {
            busy.Kill();
            busy.WaitForExit();
        }
    }

    [Fact]
    public void Top_and_lscpu_show_the_container()
    {
        var ctid = _host.Container(started: true);
        _host.Vzctl("set", $"{ctid}", "--cpulimit", "100").Succeeds();
        HostProgram.Install(_host, ctid, "top");
        HostProgram.Install(_host, ctid, "lscpu");
        // "MiB Mem :    256.0 total,    250.9 free,      5.1 used,      0.0 buff/cache"; top wants a terminal's name, and its description.
        Assert.Matches(@"Mem *: +256\.0 total", _host.In(ctid, "TERM=dumb LC_ALL=C /usr/bin/top -b -n1 -E m 2>&1 || true"));
        Assert.Matches(@"(?m)^CPU\(s\): +1$", _host.In(ctid, "LC_ALL=C /usr/bin/lscpu"));
    }

    [Fact]
    public void Top_of_busybox_and_vmstat_of_procps_understand_the_files()
    {
        var ctid = _host.Container(started: true);
        HostProgram.Install(_host, ctid, "vmstat");
        Assert.Contains("Mem:", _host.In(ctid, "busybox top -b -n1"));
        var lines = _host.In(ctid, "/usr/bin/vmstat").TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.InRange(long.Parse(lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture), 1, 256 * Kibi);
    }

    [Fact]
    public void Files_of_OpenVZ_are_the_containers_own()
    {
        var (first, second) = (_host.Container(started: true), _host.Container(started: true));
        var lines = _host.In(first, "cat /run/insula/user_beancounters").Split('\n');
        Assert.Equal("Version: 2.5", lines[0]);
        Assert.StartsWith($"{first,10}: kmemsize ", lines[2]);
        Assert.Equal(27, lines.Length);
        Assert.Equal($"{first}\n", _host.In(first, "ls /run/insula/bc | grep -v resources"));
        _host.Vzctl("exec2", $"{first}", $"ls -R /run/insula | grep {second}").Fails(1);
        // Only root may read them.
        _host.In(first, "echo 'u:x:1000:1000::/:/bin/sh' >> /etc/passwd");
        _host.Vzctl("exec2", $"{first}", "busybox su u -c 'cat /run/insula/user_beancounters'").Fails(1, "Permission denied");
    }

    private long FreeTotal(int ctid) => Row(_host.In(ctid, "/usr/bin/free -k"), "Mem:")[0];

    private static long[] Row(string text, string name)
        => [.. text.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).First(words => words.Length > 0 && words[0] == name)[1..]
            .Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
}

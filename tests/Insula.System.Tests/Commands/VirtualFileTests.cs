namespace Insula.System.Tests.Commands;

/// <summary>What programs in a container see of its memory, processors and time, with a daemon that makes its own /proc.</summary>
public sealed class VirtualFileTests : IDisposable
{
    private readonly CommandHost _host = new();
    private readonly TestDaemon _daemon;

    public VirtualFileTests() => _daemon = _host.UseDaemon();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Memory_is_that_of_the_limits_and_follows_a_change()
    {
        var ctid = _host.Container(started: true);
        Assert.Equal(256 * 1024, Figure(ctid, "MemTotal"));
        _host.Vzctl("set", $"{ctid}", "--ram", "128M").Succeeds();
        Assert.Equal(128 * 1024, Figure(ctid, "MemTotal"));
        // Of one moment.
        var text = _host.In(ctid, "cat /proc/meminfo");
        var free = FigureIn(text, "MemFree");
        Assert.InRange(free, 100 * 1024, 128 * 1024);
        Assert.InRange(FigureIn(text, "MemAvailable"), free, 128 * 1024);
    }

    [Fact]
    public void Uptime_begins_with_the_container()
    {
        var ctid = _host.Container(started: true);
        var first = Seconds(ctid);
        Assert.InRange(first, 0, 600);
        Assert.True(Seconds(ctid) >= first);
    }

    [Fact]
    public void Programs_that_copy_by_sendfile_get_whole_files()
    {
        var ctid = _host.Container(started: true);
        foreach (var file in new[] { "meminfo", "stat", "cpuinfo", "uptime", "loadavg" })
        {
            var text = _host.In(ctid, $"cat /proc/{file}");
            Assert.NotEmpty(text);
            Assert.EndsWith("\n", text);
            // dd reads with read(2).
            Assert.Equal(Lines(_host.In(ctid, $"dd if=/proc/{file} bs=100 2>/dev/null")), Lines(text));
        }
    }

    [Fact]
    public void The_host_sees_the_files_of_running_containers_and_of_no_others()
    {
        var running = _host.Container(started: true);
        var stopped = _host.Container();
        Assert.Equal([$"{running}"], Directory.GetDirectories(_daemon.Files).Select(Path.GetFileName));
        Assert.StartsWith("MemTotal:", File.ReadAllText($"{_daemon.Files}/{running}/proc/meminfo"));
        Assert.Throws<FileNotFoundException>(() => File.ReadAllText($"{_daemon.Files}/{stopped}/proc/meminfo"));
    }

    [Fact]
    public void Nobody_writes_to_the_files()
    {
        var ctid = _host.Container(started: true);
        _host.Vzctl("exec2", $"{ctid}", "echo 1 > /proc/uptime").Fails(1);
        _host.Vzctl("exec2", $"{ctid}", "rm /proc/uptime").Fails(1);
    }

    private static int Lines(string text) => text.Count(c => c == '\n');

    private long Figure(int ctid, string name) => FigureIn(_host.In(ctid, "cat /proc/meminfo"), name);

    private static long FigureIn(string text, string name)
        => long.Parse(text.Split('\n').First(line => line.StartsWith($"{name}:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    private double Seconds(int ctid) => double.Parse(_host.In(ctid, "cat /proc/uptime").Split(' ')[0]);
}

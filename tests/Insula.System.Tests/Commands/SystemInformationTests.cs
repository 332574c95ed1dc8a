using System.Globalization;
using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.System.Tests.Commands;

/// <summary>sysinfo(2) in a container, which insulad answers: it says what the files say, to whoever asks.</summary>
public sealed class SystemInformationTests : IDisposable
{
    private readonly CommandHost _host = new();

    public SystemInformationTests()
    {
        _host.UseDaemon();
        Assert.SkipUnless(IsAnswered, "this kernel's filters cannot ask (Linux 5.19)");
    }

    public static bool IsAnswered => KernelProbes.Ask(KernelProbe.SeccompListener) == Errno.EFAULT;

    public void Dispose() => _host.Dispose();

    [Fact]
    public void It_agrees_with_the_files_and_follows_a_change()
    {
        var ctid = _host.Container(started: true);
        Probe.Install(_host, ctid);
        foreach (var megabytes in new[] { 256, 128, 192 })
        {
            _host.Vzctl("set", $"{ctid}", "--ram", $"{megabytes}M").Succeeds();
            var said = Ask(ctid, "sysinfo");
            Assert.Equal((0, megabytes), (said[0], said[1]));
            Assert.InRange(said[2], 1, megabytes);
            Assert.Equal(Kibibytes(ctid, "SwapTotal") / 1024, said[3]);
            Assert.InRange(said[5], 2, 20);
        }
        var before = Uptime(ctid);
        Assert.InRange(Ask(ctid, "sysinfo")[4], before, Uptime(ctid) + 1);
    }

    [Fact]
    public void Programs_that_init_starts_are_answered_as_well_as_those_of_exec()
    {
        var ctid = _host.Container();
        _host.Vzctl("mount", $"{ctid}").Succeeds();
        File.AppendAllText(Path.Combine(_host.Root(ctid), "etc/inittab"), "::once:/bin/sh -c 'busybox free -k > /root/free.new; busybox mv /root/free.new /root/free'\n");
        _host.Vzctl("start", $"{ctid}").Succeeds();
        _host.In(ctid, "until test -e /root/free; do sleep 0.1; done");
        foreach (var text in new[] { _host.In(ctid, "cat /root/free"), _host.In(ctid, "busybox free -k") })
            Assert.Equal("262144", text.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        HostProgram.Install(_host, ctid, "getconf");
        Assert.Equal($"{(256 << 20) / Environment.SystemPageSize}\n", _host.In(ctid, "/usr/bin/getconf _PHYS_PAGES"));
    }

    [Fact]
    public void A_32_bit_program_gets_its_own_structure()
    {
        var ctid = _host.Container(started: true);
        Probe.Install(_host, ctid);
        var native = _host.Vzctl("exec2", $"{ctid}", "/bin/probe sysinfo32");
        Assert.SkipUnless(native.Code == 0 && native.Output.StartsWith("0 ", StringComparison.Ordinal), "this kernel runs no 32-bit programs");
        Assert.Equal(Ask(ctid, "sysinfo")[..2], Ask(ctid, "sysinfo32")[..2]);
    }

    [Fact]
    public void Where_it_is_switched_off_it_tells_of_the_host()
    {
        var ctid = _host.Container();
        _host.Vzctl("set", $"{ctid}", "--features", "sysinfo:off", "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Probe.Install(_host, ctid);
        var host = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Assert.SkipWhen(host < 512L << 20, "the host has hardly more memory than the container");
        Assert.NotEqual(256, Ask(ctid, "sysinfo")[1]);
        Assert.Equal(256 * 1024, Kibibytes(ctid, "MemTotal"));
    }

    [Fact]
    public void Programs_that_come_and_go_leave_nothing_in_the_daemon()
    {
        var ctid = _host.Container(started: true);
        for (var i = 0; i < Repetitions.Of(100); i++)
            _host.In(ctid, "true");
        var worker = _host.Daemon!.Await().Worker;
        var listeners = Directory.GetFiles($"/proc/{worker}/fd").Count(file => (File.ResolveLinkTarget(file, false)?.Name ?? "").Contains("seccomp", StringComparison.Ordinal));
        // The container's own, and those of programs whose end has not been noticed yet.
        Assert.InRange(listeners, 1, 5);
    }

    private long[] Ask(int ctid, string how)
        => [.. _host.In(ctid, $"/bin/probe {how}").Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture))];

    private long Kibibytes(int ctid, string name)
        => long.Parse(_host.In(ctid, $"grep ^{name}: /proc/meminfo").Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private long Uptime(int ctid) => (long)double.Parse(_host.In(ctid, "cat /proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
}

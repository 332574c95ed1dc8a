using Insula.Linux.Launch;
using Insula.Linux.Polling;
using Insula.Linux.Processes;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Polling;

public class PollingTests
{
    private const int Long = 60_000;

    [Fact]
    public void A_descriptor_is_told_when_it_is_ready_and_not_after_it_was_removed()
    {
        using var set = new PollSet();
        using var first = new Wakeup();
        using var second = new Wakeup();
        var ready = new List<(int Descriptor, PollEvents Events)>();
        set.Add(first.Descriptor, PollEvents.Input);
        set.Add(second.Descriptor, PollEvents.Input);
        set.Wait(0, ready);
        Assert.Empty(ready);
        second.Raise();
        set.Wait(Long, ready);
        Assert.Equal([(second.Descriptor.Number, PollEvents.Input)], ready);
        second.Clear();
        first.Raise();
        set.Remove(first.Descriptor);
        set.Wait(0, ready);
        Assert.Empty(ready);
        set.Change(second.Descriptor, PollEvents.Output);
        set.Wait(Long, ready);
        Assert.Equal([(second.Descriptor.Number, PollEvents.Output)], ready);
    }

    [Fact]
    public void A_directory_tells_what_was_made_and_written()
    {
        var directory = Directory.CreateTempSubdirectory("insula-watch-").FullName;
        try
        {
            File.WriteAllText($"{directory}/there", "");
            using var watch = new DirectoryWatch(directory);
            var names = new HashSet<string>();
            Assert.True(watch.Read(names));
            Assert.Empty(names);
            Directory.CreateDirectory($"{directory}/101");
            File.AppendAllText($"{directory}/there", "x");
            File.WriteAllText($"{directory}/101/init", "not seen from here");
            Assert.True(watch.Read(names));
            Assert.Equal(["101", "there"], names.Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_socket_at_a_path_of_any_length_is_reached_and_tells_who_calls()
    {
        var directory = Directory.CreateTempSubdirectory("insula-socket-").FullName;
        var deep = Directory.CreateDirectory($"{directory}/{new string('x', 100)}/{new string('y', 100)}").FullName;
        try
        {
            using var listener = LocalSocket.Listen($"{deep}/socket");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{deep}/socket"));
            Assert.Null(LocalSocket.TryAccept(listener));
            using var client = LocalSocket.Connect($"{deep}/socket");
            using var server = LocalSocket.TryAccept(listener);
            Assert.Equal((uint)Kernel.Call(Syscall.GetEuid), LocalSocket.PeerUser(server!));
            Assert.Equal(3, LocalSocket.TrySend(client, "abc"u8));
            var got = new byte[8];
            Assert.Equal(3, Files.TryRead(server!, got));
            client.Dispose();
            Assert.Equal(0, Files.TryRead(server!, got));
            Assert.Equal(Errno.EPIPE, Kernel.ErrnoOf(LocalSocket.TrySend(server!, "abc"u8)));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void An_end_is_read_from_the_process_before_it_is_reaped_and_from_its_pidfd_after()
    {
        using var plan = new LaunchPlan();
        plan.Add("end", "at once", Syscall.ExitGroup, 5);
        using var child = Launcher.Start(plan, CloneFlags.None);
        Assert.True(child.PidFd.WaitEnd(TimeSpan.FromMinutes(1)));
        var started = ProcessStatus.TryReadStartTime(child.Pid)!.Value;
        Assert.Equal(new ExitStatus(5 << 8), ProcessStatus.TryReadExit(child.Pid, started));
        Assert.Null(ProcessStatus.TryReadExit(child.Pid, started + 1));
        Assert.Null(child.PidFd.TryReadExit());
        child.PidFd.Wait();
        Assert.Null(ProcessStatus.TryReadExit(child.Pid, started));
        Assert.SkipUnless(
            Insula.Linux.Probes.KernelProbes.Ask(Insula.Linux.Probes.KernelProbe.PidfdExit) == Errno.None, "this kernel has no PIDFD_INFO_EXIT (Linux 6.15)");
        Assert.Equal(new ExitStatus(5 << 8), child.PidFd.TryReadExit());
    }

    [Theory]
    [InlineData("4711 (a (b) c) Z 1 1 1 0 -1 4227084 0 0 0 0 0 0 0 0 20 0 1 0 1879147 0 0 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 9", 9)]
    [InlineData("4711 (init) S 1 1 1 0 -1 4227084 0 0 0 0 0 0 0 0 20 0 1 0 1879147 0 0 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0", -1)]
    [InlineData("4711 (init) Z 1 1 1 0", -1)]
    [InlineData("", -1)]
    public void The_line_of_a_process_tells_its_end_only_when_it_has_ended(string line, int raw)
        => Assert.Equal(raw < 0 ? null : new ExitStatus(raw), ProcessStatus.ParseExit(line, 1_879_147));
}

using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Parameters;

namespace Insula.System.Tests.Beancounters;

public class BpfAccountingTests
{
    private static readonly BeancounterResource Tcp = BeancounterResources.TcpSockets;
    private static readonly BeancounterResource Other = BeancounterResources.OtherSockets;
    private static readonly BeancounterResource OpenFiles = BeancounterResources.OpenFiles;
    private static readonly BeancounterResource Locks = BeancounterResources.FileLocks;

    [Fact]
    public void What_this_kernel_can_count_is_told_with_the_means_or_the_reason()
    {
        Require.Root();
        var directory = Directory.CreateTempSubdirectory("insula-bpf-").FullName;
        try
        {
            var accounting = CountedGroup.NewAccounting(directory);
            foreach (var resource in IBpfAccounting.Resources)
            {
                var mechanism = accounting.MechanismOf(resource);
                TestContext.Current.TestOutputHelper?.WriteLine($"{resource.Name}: {mechanism}");
                Assert.NotEmpty(mechanism.Detail);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void TCP_sockets_are_refused_at_the_barrier_and_given_back_when_closed()
    {
        using var group = CountedGroup.Start(Tcp, 5);
        group.Ask("s = [socket.socket() for i in range(5)]");
        Assert.Equal("\"ENOBUFS\"", group.Ask("socket.socket()"));
        Assert.Equal("\"ENOBUFS\"", group.Ask("socket.socket(socket.AF_INET6)"));
        Assert.Equal(new BpfCount(5, 5, 2), group.Count(Tcp));
        group.Ask("s.pop().close(); s.pop().close()");
        Assert.Equal(new BpfCount(3, 5, 2), group.Count(Tcp));
        // UDP is another resource.
        group.Ask("u = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in range(9)]");
        Assert.Equal(new BpfCount(3, 5, 2), group.Count(Tcp));
        // Live.
        group.Accounting.SetLimits(group.Ctid, CountedGroup.Limits(Tcp, 3));
        Assert.Equal("\"ENOBUFS\"", group.Ask("socket.socket()"));
        group.Accounting.SetLimits(group.Ctid, CountedGroup.Limits(Tcp, BarrierLimit.Unlimited));
        Assert.Equal("null", group.Ask("s += [socket.socket() for i in range(20)]"));
        Assert.Equal(new BpfCount(23, 23, 3), group.Count(Tcp));
        group.Ask("for x in s: x.close()");
        Assert.Equal(new BpfCount(0, 23, 3), group.Count(Tcp));
    }

    [Fact]
    public void Connections_that_come_in_are_counted_until_they_are_closed_accepted_or_not()
    {
        using var group = CountedGroup.Start(Tcp, BarrierLimit.Unlimited);
        group.Ask("l = socket.create_server(('127.0.0.1', 0), backlog=50); at = l.getsockname()");
        Assert.Equal(1, group.Count(Tcp).Held);
        group.Ask("c = [socket.create_connection(at) for i in range(10)]");
        // Ten outgoing, ten incoming that wait to be accepted.
        Assert.Equal(21, group.Count(Tcp).Held);
        group.Ask("a = [l.accept()[0] for i in range(6)]");
        Assert.Equal(21, group.Count(Tcp).Held);
        group.Ask("for x in a: x.close()");
        Assert.Equal(15, group.Count(Tcp).Held);
        // Four that nobody has accepted go with the listening socket.
        group.Ask("l.close()");
        Assert.Equal(10, group.Count(Tcp).Held);
        group.Ask("for x in c: x.close()");
        Assert.Equal(new BpfCount(0, 21, 0), group.Count(Tcp));
    }

    [Fact]
    public async Task Nobody_gets_through_to_a_container_that_may_have_no_more_connections_until_it_may()
    {
        using var group = CountedGroup.Start(Tcp, 3);
        group.Ask("l = socket.create_server(('127.0.0.1', 0), backlog=50); at = l.getsockname()");
        var port = (int)group.AskNumber("at[1]");
        // From outside: the clients are not the container's.
        using var first = Connect(port);
        using var second = Connect(port);
        group.Ask("a = [l.accept()[0] for i in range(2)]");
        Assert.Equal(new BpfCount(3, 3, 0), group.Count(Tcp));
        using var third = new global::System.Net.Sockets.Socket(
            global::System.Net.Sockets.AddressFamily.InterNetwork, global::System.Net.Sockets.SocketType.Stream, global::System.Net.Sockets.ProtocolType.Tcp);
        var connecting = third.ConnectAsync(global::System.Net.IPAddress.Loopback, port);
        Assert.True(SpinWait.SpinUntil(() => group.Count(Tcp).FailCount > 0, ScratchPatience));
        Assert.False(connecting.IsCompleted);
        Assert.Equal(3, group.Count(Tcp).Held);
        group.Ask("a.pop().close()");
        // Its next attempt gets through.
        await connecting.WaitAsync(ScratchPatience);
        Assert.Equal(3, group.Count(Tcp).Held);
        Assert.Equal(3, group.Count(Tcp).MaxHeld);
    }

    [Fact]
    public void Many_threads_and_processes_at_once_get_just_what_the_barrier_allows()
    {
        using var group = CountedGroup.Start(Tcp, 100);
        // Eight processes with four threads each try to hold more than there may be; each reports how many it got and was refused.
        group.Ask("""
            def work():
                got, refused = [], 0
                for i in range(200):
                    try: got.append(socket.socket())
                    except OSError: refused += 1
                    if i % 3 == 0 and got: got.pop().close()
                mine.append((len(got), refused)); kept.extend(got)
            kept, mine, ends = [], [], []
            for p in range(8):
                r, w = os.pipe(); back, go = os.pipe()
                if os.fork() == 0:
                    os.close(r); os.close(go)
                    t = [threading.Thread(target=work) for i in range(4)]
                    [x.start() for x in t]; [x.join() for x in t]
                    os.write(w, json.dumps([sum(m[0] for m in mine), sum(m[1] for m in mine)]).encode()); os.close(w)
                    os.read(back, 1); os._exit(0)
                os.close(w); os.close(back); ends.append((r, go))
            results = [json.loads(os.read(r, 1000)) for r, go in ends]
            """);
        var held = group.AskNumber("sum(r[0] for r in results)");
        var refused = group.AskNumber("sum(r[1] for r in results)");
        Assert.Equal(new BpfCount(held, 100, refused), group.Count(Tcp));
        Assert.True(refused > 0);
        group.Ask("for r, go in ends: os.close(go)\nfor r in results: os.wait()");
        Assert.Equal(new BpfCount(0, 100, refused), group.Count(Tcp));
    }

    [Fact]
    public void A_neighbour_feels_nothing_and_a_new_start_begins_from_nothing()
    {
        using var group = CountedGroup.Start(Tcp, 2);
        using (var neighbour = group.StartNeighbour(CountedGroup.Limits(Tcp, 10)))
        {
            group.Ask("s = until_refused(socket.socket, 10)");
            Assert.Equal("10", neighbour.Ask("len(until_refused(socket.socket, 10)[0])"));
            Assert.Equal(2, group.Count(Tcp).Held);
            Assert.Equal([101, 102], group.Accounting.ReadAll().Keys.Select(ctid => ctid.Value).Order());
        }
        Assert.Equal([101], group.Accounting.ReadAll().Keys.Select(ctid => ctid.Value));
        using var again = group.StartNeighbour(CountedGroup.Limits(Tcp, 10));
        Assert.Equal(default, again.Count(Tcp));
    }

    [Fact]
    public void With_the_last_container_everything_goes()
    {
        string bpf;
        using (var group = CountedGroup.StartAlone(CountedGroup.Limits(Tcp, 2)))
        {
            bpf = Path.Combine(group.RunDirectory, "bpf");
            Assert.True(Directory.Exists(bpf));
        }
        Assert.False(Directory.Exists(bpf));
        Assert.DoesNotContain(bpf, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_sockets_are_refused_whatever_their_family()
    {
        using var group = CountedGroup.Start(Other, 8);
        group.Ask("a = [socket.socket(socket.AF_UNIX), socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)]");
        Assert.Equal(3, group.Count(Other).Held);
        group.Ask("p = socket.socketpair()");
        Assert.Equal(5, group.Count(Other).Held);
        group.Ask("b = [socket.socket(socket.AF_UNIX) for i in range(3)]");
        Assert.Equal("\"ENOBUFS\"", group.Ask("socket.socket(socket.AF_UNIX)"));
        Assert.Equal("\"ENOBUFS\"", group.Ask("socket.socketpair()"));
        Assert.Equal("\"ENOBUFS\"", group.Ask("socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"));
        Assert.Equal(new BpfCount(8, 8, 3), group.Count(Other));
        group.Ask("for x in a + b: x.close()");
        Assert.Equal(new BpfCount(2, 8, 3), group.Count(Other));
        // accept(2) is refused as well, and what it held goes with it.
        group.Ask("l = socket.socket(socket.AF_UNIX); l.bind('\\0insula-test-%d' % os.getpid()); l.listen(9)");
        group.Ask("c = [socket.socket(socket.AF_UNIX) for i in range(4)]; [x.connect(l.getsockname()) for x in c]");
        Assert.Equal(7, group.Count(Other).Held);
        group.Ask("d = l.accept()[0]");
        Assert.Equal("\"ENOBUFS\"", group.Ask("l.accept()"));
        Assert.Equal(new BpfCount(8, 8, 4), group.Count(Other));
        group.Ask("d.close(); l.close(); [x.close() for x in c]; [x.close() for x in p]");
        Assert.Equal(new BpfCount(0, 8, 4), group.Count(Other));
    }

    [Fact]
    public void A_socket_that_the_container_gave_away_is_nobodys_when_it_has_ended()
    {
        using var group = CountedGroup.Start(Other, 100);
        string held;
        using (var neighbour = group.StartNeighbour(CountedGroup.Limits(Other, 100)))
        {
            group.Ask("l = socket.socket(socket.AF_UNIX); l.bind('\\0insula-given-%d' % os.getpid()); l.listen(9); name = l.getsockname().decode()");
            var name = group.Ask("name");
            neighbour.Ask($"c = socket.socket(socket.AF_UNIX); c.connect({name}.encode()); given = socket.socket(socket.AF_UNIX); socket.send_fds(c, [b'x'], [given.fileno()])");
            group.Ask("a = l.accept()[0]; got = socket.recv_fds(a, 1, 1)[1]");
            held = group.Ask("len(got)");
        }
        Assert.Equal("1", held);
        using var next = group.StartNeighbour(CountedGroup.Limits(Other, 100));
        group.Ask("os.close(got[0])");
        Assert.Equal(0, next.Count(Other).Held);
    }

    [Fact]
    public void Files_are_refused_at_the_barrier_with_ENFILE()
    {
        using var group = CountedGroup.Start(OpenFiles, BarrierLimit.Unlimited);
        var before = group.Count(OpenFiles).Held;
        group.Accounting.SetLimits(group.Ctid, CountedGroup.Limits(OpenFiles, before + 10));
        var failures = group.Count(OpenFiles).FailCount;
        group.Ask("keep, why = until_refused(lambda: os.open('/dev/null', 0), 1000)");
        Assert.Equal("[10, \"ENFILE\"]", group.Ask("[len(keep), why]"));
        Assert.Equal((before + 10, before + 10, failures + 1), Triple(group.Count(OpenFiles)));
        // A descriptor that is duplicated, inherited or sent is the same file.
        group.Ask("copies = [os.dup(keep[0]) for i in range(5)]");
        Assert.Equal(before + 10, group.Count(OpenFiles).Held);
        Assert.Equal("\"ENFILE\"", group.Ask("os.pipe()"));
        Assert.Equal("\"ENFILE\"", group.Ask("socket.socket(socket.AF_UNIX)"));
        Assert.Equal("\"ENFILE\"", group.Ask("os.memfd_create('x')"));
        Assert.Equal(failures + 4, group.Count(OpenFiles).FailCount);
        group.Ask("for x in copies + keep: os.close(x)");
        Assert.Equal((before, before + 10, failures + 4), Triple(group.Count(OpenFiles)));
        // A loop that opens and closes is never refused.
        Assert.Equal("0", group.Ask("sum(1 for i in range(5000) if os.close(os.open('/dev/null', 0)))"));
        Assert.Equal(failures + 4, group.Count(OpenFiles).FailCount);
    }

    [Fact]
    public void All_files_are_given_back_when_processes_end()
    {
        using var group = CountedGroup.Start(OpenFiles, BarrierLimit.Unlimited);
        group.Ask("1");
        var before = group.Count(OpenFiles).Held;
        group.Ask("""
            for i in range(5):
                if os.fork() == 0:
                    keep = [os.open('/dev/null', 0) for i in range(50)]
                    os._exit(0)
            for i in range(5): os.wait()
            """);
        Assert.Equal(before, group.Count(OpenFiles).Held);
        Assert.InRange(group.Count(OpenFiles).MaxHeld, before + 50, before + 260);
    }

    [Fact]
    public void File_locks_are_refused_at_the_barrier_with_ENOLCK()
    {
        using var group = CountedGroup.Start(Locks, 4);
        group.Ask("f = [os.memfd_create('x') for i in range(8)]; [os.truncate(x, 100) for x in f]");
        group.Ask("[fcntl.flock(x, 2) for x in f[:2]]; fcntl.lockf(f[2], 2, 10, 0); fcntl.lockf(f[2], 2, 10, 50)");
        Assert.Equal(new BpfCount(4, 4, 0), group.Count(Locks));
        Assert.Equal("\"ENOLCK\"", group.Ask("fcntl.flock(f[4], 2)"));
        Assert.Equal("\"ENOLCK\"", group.Ask("fcntl.lockf(f[5], 2, 10, 0)"));
        Assert.Equal(new BpfCount(4, 4, 2), group.Count(Locks));
        // To unlock the middle of a lock makes two of it: never refused.
        group.Ask("fcntl.lockf(f[2], 8, 2, 4)");
        Assert.Equal(new BpfCount(5, 5, 2), group.Count(Locks));
        group.Ask("fcntl.flock(f[0], 8); fcntl.lockf(f[2], 8, 0, 0)");
        Assert.Equal(new BpfCount(1, 5, 2), group.Count(Locks));
        group.Ask("[os.close(x) for x in f]");
        Assert.Equal(new BpfCount(0, 5, 2), group.Count(Locks));
    }

    private static TimeSpan ScratchPatience => Cgroups.ScratchGroup.Patience;

    private static (long Held, long MaxHeld, long FailCount) Triple(BpfCount count) => (count.Held, count.MaxHeld, count.FailCount);

    private static global::System.Net.Sockets.TcpClient Connect(int port)
    {
        var client = new global::System.Net.Sockets.TcpClient();
        client.Connect(global::System.Net.IPAddress.Loopback, port);
        return client;
    }
}

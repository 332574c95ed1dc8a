using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Serving;
using Insula.Engine.Watching;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Watching;

/// <summary>The API socket with real connections, its loop on a thread of its own.</summary>
public sealed class ApiServerTests : IDisposable
{
    private const string Events = """{"insula":1,"request":"events","since":1}""" + "\n";

    private readonly TemporaryDirectory _directory = new();
    private readonly HostLayout _layout;
    private readonly FileDescriptor _listener;
    private readonly EventLoop _loop = new();
    private readonly EventRing _ring = new();
    private readonly ApiServer _server;
    private readonly Thread _thread;
    private readonly ConcurrentBag<Ctid> _kept = [];
    private int _toAdd;

    public ApiServerTests()
    {
        _layout = HostLayout.Default with { RunDirectory = _directory.Path };
        _listener = LocalSocket.Listen(new DaemonFiles(_layout).Socket);
        _server = new ApiServer(_listener, _loop, _ring, new ApiAnswers(() => ApiText.Line(json => json.WriteString("reply", "status")), Keep));
        _server.Start();
        _loop.Every(TimeSpan.FromMilliseconds(1), AddEvents);
        _thread = new Thread(_loop.Run);
        _thread.Start();
    }

    public void Dispose()
    {
        _loop.Stop();
        _thread.Join();
        _loop.Dispose();
        _listener.Dispose();
        _directory.Dispose();
    }

    private void Keep(Ctid ctid, FileDescriptor listener)
    {
        _kept.Add(ctid);
        listener.Dispose();
    }

    private void AddEvents()
    {
        var count = Interlocked.Exchange(ref _toAdd, 0);
        for (var i = 0; i < count; i++)
            _ring.Add(new ContainerEvent(DateTime.UnixEpoch, new Ctid(100 + (int)(_ring.Next % 2)), EventKind.Set, new string('x', 300)));
        if (count > 0)
            _server.SendNew();
    }

    private void Happen(int count)
    {
        Interlocked.Add(ref _toAdd, count);
        while (Volatile.Read(ref _toAdd) > 0)
            Thread.Yield();
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        socket.Connect(new UnixDomainSocketEndPoint(new DaemonFiles(_layout).Socket));
        return socket;
    }

    private static StreamReader Ask(Socket socket, string request)
    {
        try
        {
            socket.Send(Encoding.UTF8.GetBytes(request));
        }
        catch (SocketException)
        {
            // It was turned away already; what it was told is there to be read.
        }
        return new StreamReader(new NetworkStream(socket));
    }

    [Fact]
    public void Only_its_owner_may_use_the_socket()
        => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(new DaemonFiles(_layout).Socket));

    [Fact]
    public void A_listener_is_taken_from_who_asked_for_it_and_from_nobody_else()
    {
        using var passed = MemoryFile.Create("listener", []);
        using (var socket = LocalSocket.Connect(new DaemonFiles(_layout).Socket))
        {
            LocalSocket.TrySend(socket, """{"insula":1,"request":"sysinfo","ctids":[101]}"""u8);
            LocalSocket.TrySend(socket, "\n"u8);
            Assert.Equal("""{"insula":1,"sysinfo":"ready"}""" + "\n", ReadLine(socket));
            Assert.Equal(1, DescriptorMessage.TrySend(socket, "."u8, passed));
            Assert.Equal("""{"insula":1,"sysinfo":"kept"}""" + "\n", ReadLine(socket));
        }
        using (var socket = LocalSocket.Connect(new DaemonFiles(_layout).Socket))
        {
            DescriptorMessage.TrySend(socket, """{"insula":1,"request":"sysinfo","ctids":[101,102]}"""u8, passed);
            DescriptorMessage.TrySend(socket, "\n"u8, passed);
            Assert.Contains("error", ReadLine(socket), StringComparison.Ordinal);
        }
        Assert.Equal([new Ctid(101)], _kept);
    }

    private static string ReadLine(FileDescriptor socket)
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, (int)Kernel.Check(Files.TryRead(socket, buffer), "read", "an answer"));
    }

    [Fact]
    public void Two_clients_get_all_events_in_order()
    {
        using var first = Connect();
        using var second = Connect();
        var readers = new[] { Ask(first, Events), Ask(second, Events) };
        foreach (var reader in readers)
            Assert.Equal("""{"insula":1,"reply":"events","first":1,"next":1}""", reader.ReadLine());
        Happen(500);
        foreach (var reader in readers)
        {
            for (var sequence = 1; sequence <= 500; sequence++)
                Assert.StartsWith($$"""{"seq":{{sequence}},""", reader.ReadLine(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_client_gets_only_the_containers_it_named()
    {
        using var socket = Connect();
        var reader = Ask(socket, """{"insula":1,"request":"events","since":0,"ctids":[101]}""" + "\n");
        Happen(4);
        reader.ReadLine();
        Assert.StartsWith("""{"seq":1,""", reader.ReadLine(), StringComparison.Ordinal);
        Assert.StartsWith("""{"seq":3,""", reader.ReadLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_comes_too_late_for_some_is_told_how_many()
    {
        Happen(EventRing.Capacity + 5);
        using var socket = Connect();
        var reader = Ask(socket, Events);
        reader.ReadLine();
        Assert.Equal("""{"insula":1,"notice":"lost","missed":5}""", reader.ReadLine());
        Assert.StartsWith("""{"seq":6,""", reader.ReadLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_does_not_read_is_dropped_and_holds_up_nobody()
    {
        using var slow = Connect();
        var slowReader = Ask(slow, Events);
        Assert.NotNull(slowReader.ReadLine());
        using var other = Connect();
        var otherReader = Ask(other, Events);
        otherReader.ReadLine();
        // More than a socket's buffers and the ring hold together.
        for (long sequence = 1; sequence <= 8 * EventRing.Capacity; sequence++)
        {
            if (sequence % 256 == 1)
                Happen(256);
            Assert.StartsWith($$"""{"seq":{{sequence}},""", otherReader.ReadLine(), StringComparison.Ordinal);
        }
        string? line, last = null;
        while ((line = slowReader.ReadLine()) is not null)
            last = line;
        Assert.Equal("""{"insula":1,"notice":"slow"}""", last);
    }

    [Fact]
    public void More_clients_than_are_allowed_are_told_so()
    {
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < ApiServer.MostClients; i++)
            {
                sockets.Add(Connect());
                Ask(sockets[^1], Events).ReadLine();
            }
            sockets.Add(Connect());
            Assert.Contains("clients are connected already", new StreamReader(new NetworkStream(sockets[^1])).ReadLine(), StringComparison.Ordinal);
            sockets[0].Dispose();
            Assert.Equal("""{"insula":1,"reply":"status"}""", StatusWhenThereIsRoom());
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public void A_request_of_any_length_without_an_end_is_refused()
    {
        using var socket = Connect();
        Assert.Contains("4096 bytes", Ask(socket, new string(' ', 4096)).ReadLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_clients_send_the_next_is_served()
    {
        Gen.Byte.Array[0, 6000].Sample(
            bytes =>
            {
                using var socket = Connect();
                try
                {
                    socket.Send(bytes);
                }
                catch (SocketException)
                {
                    // It was refused before it had said all.
                }
            },
            iter: 200, threads: 4);
        Assert.Equal("""{"insula":1,"reply":"status"}""", StatusWhenThereIsRoom());
    }

    // The server may not have noticed yet that others have gone.
    private string StatusWhenThereIsRoom()
    {
        while (true)
        {
            using var socket = Connect();
            try
            {
                var answer = Ask(socket, """{"insula":1,"request":"status"}""" + "\n").ReadLine();
                if (answer is not null && !answer.Contains("connected already", StringComparison.Ordinal))
                    return answer;
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                // There was no room, and it was closed before it had asked.
            }
        }
    }

    [Fact]
    public void The_stream_that_commands_read_gives_events_and_says_when_there_is_no_daemon()
    {
        Happen(3);
        var stream = new EventStream(_layout).Read(1, new HashSet<Ctid>());
        Assert.Equal([1, 2, 3], stream.Take(3).Select(item => item.Event!.Ctid.Value is var ctid && ctid is 100 or 101 ? SequenceOf(item.Json) : 0));
        Assert.Contains("status", new EventStream(_layout).TryReadStatus(), StringComparison.Ordinal);
        File.Delete(new DaemonFiles(_layout).Socket);
        var error = Assert.Throws<InsulaException>(() => new EventStream(_layout).Read(null, new HashSet<Ctid>()).First());
        Assert.Contains("insulad does not run", error.Message, StringComparison.Ordinal);
    }

    private static int SequenceOf(string json) => int.Parse(json["{\"seq\":".Length..json.IndexOf(',', StringComparison.Ordinal)], null);
}

using System.Text;
using System.Text.Json;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Serving;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>The daemon's events, as a command reads them. It goes on where it was when the daemon has been replaced.</summary>
/// <param name="layout">Where things are.</param>
public sealed class EventStream(HostLayout layout)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly byte[] _buffer = new byte[16384];
    private long? _since;

    /// <summary>Reads without end: each item when it happens.</summary>
    /// <param name="since">The number of the first event that is wanted; null: those from now on.</param>
    /// <param name="containers">Whose; empty: all.</param>
    /// <exception cref="InsulaException">3: no daemon runs, or it has been gone for 15 seconds.</exception>
    public IEnumerable<StreamedEvent> Read(long? since, IReadOnlySet<Ctid> containers)
    {
        _since = since;
        var connected = false;
        while (true)
        {
            using var socket = Connect(connected);
            connected = true;
            LocalSocket.TrySend(socket, new ApiRequest(ApiRequestKind.Events, _since, containers).ToLine());
            foreach (var line in Lines(socket))
            {
                if (Understand(line) is { } item)
                    yield return item;
            }
        }
    }

    /// <summary>What the daemon says of itself and the containers: one JSON object. Null if none runs.</summary>
    public string? TryReadStatus()
    {
        using var socket = TryConnect();
        if (socket is null)
            return null;
        LocalSocket.TrySend(socket, new ApiRequest(ApiRequestKind.Status, null, new HashSet<Ctid>()).ToLine());
        foreach (var line in Lines(socket))
            return Encoding.UTF8.GetString(line);
        return null;
    }

    private FileDescriptor Connect(bool again)
    {
        var start = Environment.TickCount64;
        while (true)
        {
            if (TryConnect() is { } socket)
                return socket;
            if (!again)
                throw new InsulaException(ExitCode.SystemError, "insulad does not run, so there are no events", "start it: systemctl start insulad, or run insulad");
            if (Environment.TickCount64 - start > Patience.TotalMilliseconds)
                throw new InsulaException(ExitCode.SystemError, "insulad has ended, so there are no more events");
            Thread.Sleep(Pause);
        }
    }

    private FileDescriptor? TryConnect()
    {
        try
        {
            return LocalSocket.Connect(new DaemonFiles(layout).Socket);
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ECONNREFUSED or Errno.ENOTDIR)
        {
            return null;
        }
        catch (LinuxException error) when (error.Errno is Errno.EACCES or Errno.EPERM)
        {
            throw new InsulaException(ExitCode.NoPermission, error.Message, cause: error);
        }
    }

    // Until the connection ends.
    private IEnumerable<byte[]> Lines(FileDescriptor socket)
    {
        var line = new List<byte>();
        while (true)
        {
            var got = Files.TryRead(socket, _buffer);
            if (got <= 0)
                yield break;
            for (var i = 0; i < got; i++)
            {
                if (_buffer[i] != (byte)'\n')
                {
                    line.Add(_buffer[i]);
                    continue;
                }
                var whole = line.ToArray();
                line.Clear();
                yield return whole;
            }
        }
    }

    private StreamedEvent? Understand(byte[] line)
    {
        if (ContainerEvent.Parse(line, out var sequence) is { } happened)
        {
            _since = sequence + 1;
            return new StreamedEvent(happened, Encoding.UTF8.GetString(line), 0);
        }
        using var answer = JsonDocument.Parse(line);
        var root = answer.RootElement;
        if (root.TryGetProperty("error", out var error))
            throw new InsulaException(ExitCode.SystemError, $"insulad: {error.GetString()}");
        if (root.TryGetProperty("reply", out _))
        {
            _since ??= root.GetProperty("next").GetInt64();
            return null;
        }
        return root.TryGetProperty("missed", out var missed) ? new StreamedEvent(null, Encoding.UTF8.GetString(line), missed.GetInt64()) : null;
    }
}

/// <summary>An item of an event stream.</summary>
/// <param name="Event">The event; null if this tells of events that are lost.</param>
/// <param name="Json">It as the daemon sent it.</param>
/// <param name="Missed">How many events are lost.</param>
public readonly record struct StreamedEvent(ContainerEvent? Event, string Json, long Missed)
{
    /// <summary>A line for people.</summary>
    public override string ToString() => Event?.ToString() ?? $"({Missed} earlier events are not there any more)";
}

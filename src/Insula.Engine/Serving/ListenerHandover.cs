using System.Text;
using System.Text.Json;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Operations;
using Insula.Engine.Watching;
using Insula.Linux.Probes;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// Gives the daemon the listener of a system call filter, so that it answers sysinfo(2) there. It is asked before there is a filter: one that asks without
/// anybody who answers makes the call fail.
/// </summary>
internal sealed class ListenerHandover : IDisposable
{
    private const int LongestAnswer = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), LongestWait = TimeSpan.FromSeconds(5), Pause = TimeSpan.FromMilliseconds(20);

    private readonly HostLayout _layout;
    private readonly Ctid _ctid;
    private FileDescriptor _socket;

    private ListenerHandover(HostLayout layout, Ctid ctid, FileDescriptor socket)
    {
        _layout = layout;
        _ctid = ctid;
        _socket = socket;
    }

    /// <summary>
    /// Asks the daemon. Null if the container is not to have its sysinfo(2) answered, the kernel cannot ask, or no daemon runs that takes listeners.
    /// </summary>
    public static ListenerHandover? TryBegin(ContainerContext container)
    {
        if (!ContainerIsolation.HasOwnSysInfo(container) || KernelProbes.Ask(KernelProbe.SeccompListener) != Errno.EFAULT)
            return null;
        return TryAsk(container.Engine.Layout, container.Ctid) is { } socket ? new ListenerHandover(container.Engine.Layout, container.Ctid, socket) : null;
    }

    /// <summary>Gives it the listener. When this returns, questions are answered, whatever happens to the daemon's processes.</summary>
    /// <exception cref="LinuxException">It has gone, and no other one came.</exception>
    public void Complete(FileDescriptor listener)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!TryGive(listener))
        {
            if (Environment.TickCount64 > deadline)
                throw new LinuxException("give", "insulad the listener for sysinfo(2)", Errno.EPIPE, "see whether it runs: insula check");
            Thread.Sleep(Pause);
            if (TryAsk(_layout, _ctid) is not { } again)
                continue;
            _socket.Dispose();
            _socket = again;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private bool TryGive(FileDescriptor listener) => DescriptorMessage.TrySend(_socket, "."u8, listener) == 1 && ReadAnswer(_socket) == "kept";

    private static FileDescriptor? TryAsk(HostLayout layout, Ctid ctid)
    {
        FileDescriptor? socket = null;
        try
        {
            socket = LocalSocket.Connect(new DaemonFiles(layout).Socket);
            LocalSocket.LimitWait(socket, LongestWait);
            LocalSocket.TrySend(socket, new ApiRequest(ApiRequestKind.SysInfo, null, new HashSet<Ctid> { ctid }).ToLine());
            if (ReadAnswer(socket) == "ready")
                return socket;
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ECONNREFUSED or Errno.ENOTDIR)
        {
            // No daemon runs.
        }
        socket?.Dispose();
        return null;
    }

    // {"insula":1,"sysinfo":"ready"}; null for an error, as from a daemon that knows no such request, and at the end of the connection.
    private static string? ReadAnswer(FileDescriptor socket)
    {
        Span<byte> line = stackalloc byte[LongestAnswer];
        var length = 0;
        while (length < line.Length)
        {
            var got = Files.TryRead(socket, line[length..]);
            if (got <= 0)
                return null;
            length += (int)got;
            if (line[length - 1] != (byte)'\n')
                continue;
            using var answer = JsonDocument.Parse(Encoding.UTF8.GetString(line[..length]));
            return answer.RootElement.TryGetProperty("sysinfo", out var word) ? word.GetString() : null;
        }
        return null;
    }
}

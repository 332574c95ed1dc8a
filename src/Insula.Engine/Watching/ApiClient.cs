using Insula.Engine.Containers;
using Insula.Linux.Polling;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>
/// One connection to the API socket, as the daemon has it. It keeps no queue: a client of the stream has a place in the ring of events, and is dropped
/// with a notice when the ring has gone past it.
/// </summary>
/// <param name="socket">The connection; this object owns it.</param>
/// <param name="ring">The events.</param>
/// <param name="answers">The answers to what is no request for events.</param>
internal sealed class ApiClient(FileDescriptor socket, EventRing ring, ApiAnswers answers) : IDisposable
{
    private readonly byte[] _request = new byte[ApiRequest.LongestLine];
    private int _received;
    private ApiRequest? _events;
    private Ctid? _awaited;
    private long _position;
    private byte[] _sending = [];
    private int _sent;
    private bool _last;

    /// <summary>The connection.</summary>
    public FileDescriptor Socket => socket;

    /// <summary>True once it has asked for something.</summary>
    public bool HasAsked { get; private set; }

    /// <summary>True if what is being sent is the last.</summary>
    public bool IsEnding => _last;

    /// <summary>What it must be waited for.</summary>
    public PollEvents Interest => _sent < _sending.Length ? PollEvents.Input | PollEvents.Output : PollEvents.Input;

    /// <summary>Refuses it: the next <see cref="Send"/> says why, and ends.</summary>
    public void Refuse(string why) => Answer(ApiText.Error(why), last: true);

    /// <summary>Takes what it has sent. False: the connection is over.</summary>
    public bool Receive()
    {
        Span<byte> beyond = stackalloc byte[512];
        while (true)
        {
            var room = HasAsked ? beyond : _request.AsSpan(_received);
            var got = DescriptorMessage.TryReceive(socket, room, out var carried);
            if (carried is not null)
                TakeListener(carried);
            if (Kernel.ErrnoOf(got) == Errno.EAGAIN)
                return true;
            if (got <= 0)
                return false;
            // What else it says after its request is not listened to.
            if (HasAsked)
                continue;
            _received += (int)got;
            TakeRequest();
        }
    }

    /// <summary>Sends what there is and there is room for. False: the connection is over.</summary>
    public bool Send()
    {
        while (true)
        {
            while (_sent < _sending.Length)
            {
                var result = LocalSocket.TrySend(socket, _sending.AsSpan(_sent));
                if (Kernel.ErrnoOf(result) == Errno.EAGAIN)
                    return true;
                if (result <= 0)
                    return false;
                _sent += (int)result;
            }
            if (_last)
                return false;
            if (!TakeNext())
                return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private void TakeRequest()
    {
        var end = _request.AsSpan(0, _received).IndexOf((byte)'\n');
        if (end < 0 && _received < _request.Length)
            return;
        string? error = $"a request is at most {ApiRequest.LongestLine} bytes long";
        var request = end < 0 ? null : ApiRequest.Parse(_request.AsSpan(0, end), out error);
        HasAsked = true;
        switch (request)
        {
            case null:
                Answer(ApiText.Error(error!), last: true);
                break;
            case { Kind: ApiRequestKind.Status }:
                Answer(answers.Status(), last: true);
                break;
            case { Kind: ApiRequestKind.SysInfo }:
                Await(request.Containers.First());
                break;
            default:
                Begin(request);
                break;
        }
    }

    private void Await(Ctid ctid)
    {
        _awaited = ctid;
        Answer(ApiText.ListenerReady(), last: false);
    }

    private void TakeListener(FileDescriptor listener)
    {
        if (_awaited is not { } ctid)
        {
            listener.Dispose();
            return;
        }
        _awaited = null;
        try
        {
            answers.Take(ctid, listener);
            Answer(ApiText.ListenerKept(), last: true);
        }
        catch (LinuxException error)
        {
            listener.Dispose();
            Answer(ApiText.Error(error.Message), last: true);
        }
    }

    private void Begin(ApiRequest request)
    {
        _events = request;
        // The first event there ever was has number 1.
        _position = Math.Clamp(request.Since ?? ring.Next, 1, ring.Next);
        Answer(ApiText.Opening(ring.First, ring.Next), last: false);
        if (_position >= ring.First)
            return;
        // What is wanted is partly gone already: said, and no reason to end.
        Append(ApiText.Lost(ring.First - _position));
        _position = ring.First;
    }

    // True if there is something to send.
    private bool TakeNext()
    {
        if (_events is null)
            return false;
        if (_position < ring.First)
        {
            Answer(ApiText.TooSlow(), last: true);
            return true;
        }
        while (_position < ring.Next)
        {
            if (ring.LineOf(_position++, _events.Containers) is not { } line)
                continue;
            Answer(line, last: false);
            return true;
        }
        return false;
    }

    private void Answer(byte[] line, bool last)
    {
        (_sending, _sent, _last) = (line, 0, last);
        HasAsked = true;
    }

    private void Append(byte[] line) => _sending = [.. _sending, .. line];
}

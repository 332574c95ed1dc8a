using Insula.Linux.Polling;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>Serves the API socket, for root alone.</summary>
/// <param name="listener">The listening socket.</param>
/// <param name="loop">Where it waits.</param>
/// <param name="ring">The events.</param>
/// <param name="answers">The answers to what is no request for events.</param>
internal sealed class ApiServer(FileDescriptor listener, EventLoop loop, EventRing ring, ApiAnswers answers)
{
    /// <summary>So many clients are served at a time.</summary>
    public const int MostClients = 64;

    // Whoever has not asked by then, or does not take the last that there is to say, goes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HashSet<ApiClient> _clients = [];

    /// <summary>How many there are.</summary>
    public int Count => _clients.Count;

    /// <summary>Begins.</summary>
    public void Start() => loop.Add(listener, PollEvents.Input, _ => Accept());

    /// <summary>Tells all clients what is new.</summary>
    public void SendNew()
    {
        foreach (var client in _clients.ToArray())
            Pump(client);
    }

    private void Accept()
    {
        while (LocalSocket.TryAccept(listener) is { } socket)
        {
            var client = new ApiClient(socket, ring, answers);
            if (_clients.Count >= MostClients)
            {
                Turn(client, $"{MostClients} clients are connected already");
                continue;
            }
            if (LocalSocket.PeerUser(socket) is var user && user != OwnUser())
            {
                Turn(client, $"user {user} may not use this socket");
                continue;
            }
            _clients.Add(client);
            loop.Add(socket, client.Interest, events => Ready(client, events));
            loop.After(Patience, () => DropIfSilent(client));
        }
    }

    // A new socket has room for a line.
    private static void Turn(ApiClient client, string why)
    {
        client.Refuse(why);
        client.Send();
        client.Dispose();
    }

    private void Ready(ApiClient client, PollEvents events)
    {
        if ((events & ~PollEvents.Output) == 0 || client.Receive())
        {
            Pump(client);
            return;
        }
        // It will ask nothing more, but may have asked just now.
        client.Send();
        Drop(client);
    }

    private void Pump(ApiClient client)
    {
        if (!client.Send())
        {
            Drop(client);
            return;
        }
        loop.Change(client.Socket, client.Interest);
        if (client.IsEnding)
            loop.After(Patience, () => Drop(client));
    }

    private void DropIfSilent(ApiClient client)
    {
        if (_clients.Contains(client) && !client.HasAsked)
            Drop(client);
    }

    private void Drop(ApiClient client)
    {
        if (!_clients.Remove(client))
            return;
        loop.Remove(client.Socket);
        client.Dispose();
    }

    private static uint OwnUser() => (uint)Kernel.Call(Syscall.GetEuid);
}

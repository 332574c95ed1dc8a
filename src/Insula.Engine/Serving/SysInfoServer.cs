using System.Collections.Concurrent;
using Insula.Engine.Containers;
using Insula.Engine.ProcFs;
using Insula.Linux.Polling;
using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// Answers sysinfo(2) in containers, whose filters ask at listeners. One thread serves all, each that has a question in its turn. What it cannot answer the
/// kernel does, with the host's figures: nobody gets an error for asking.
/// </summary>
/// <param name="views">The running containers.</param>
/// <param name="parked">Where the listeners live on when this process dies.</param>
/// <param name="slot">What questions are taken into.</param>
/// <param name="failed">Told of what went wrong with a question.</param>
internal sealed class SysInfoServer(IContainerViews views, ParkedDescriptors parked, QuestionSlot slot, Action<Exception> failed) : IDisposable
{
    // Listeners that are over are taken from where they are parked when there are so many of them.
    private const int MostOver = 32;

    private readonly SysInfoAnswers _answers = new(views);
    private readonly PollSet _poll = new();
    private readonly ConcurrentDictionary<int, SysInfoListener> _listeners = new();
    private long _sequence;
    private int _over;

    /// <summary>Takes over what an earlier worker had, and the question that it has not answered.</summary>
    public void Begin()
    {
        var names = new HashSet<string>();
        foreach (var (name, descriptor) in parked.Look())
        {
            if (names.Add(name) && SysInfoListener.Parse(name, descriptor) is { } listener)
            {
                _sequence = Math.Max(_sequence, listener.Sequence);
                Watch(listener);
                continue;
            }
            descriptor.Dispose();
            _over++;
        }
        if (slot.Taken is var (ctid, sequence) && _listeners.Values.FirstOrDefault(known => known.Ctid.Value == ctid && known.Sequence == sequence) is { } asked)
            Answer(asked);
        slot.Clear();
    }

    /// <summary>Takes a new listener. For any thread.</summary>
    /// <exception cref="LinuxException">It cannot be kept.</exception>
    public void Take(Ctid ctid, FileDescriptor descriptor)
    {
        var account = views.OwnerOf(ctid)?.User ?? 0;
        var listener = new SysInfoListener(ctid, account, Interlocked.Increment(ref _sequence), descriptor);
        // First, so that it is not lost between the two.
        parked.Add(listener.Name, descriptor, account);
        Watch(listener);
    }

    /// <summary>Answers without end.</summary>
    public void Run()
    {
        var ready = new List<(int Descriptor, PollEvents Events)>();
        while (true)
        {
            _poll.Wait(-1, ready);
            foreach (var (number, events) in ready)
            {
                if (!_listeners.TryGetValue(number, out var listener))
                    continue;
                if (events.HasFlag(PollEvents.Input))
                    Serve(listener);
                else
                    Drop(listener);
            }
            if (_over > MostOver && _over > _listeners.Count)
                Sweep();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _poll.Dispose();

    private void Watch(SysInfoListener listener)
    {
        _listeners[listener.Descriptor.Number] = listener;
        _poll.Add(listener.Descriptor, PollEvents.Input);
    }

    private void Serve(SysInfoListener listener)
    {
        try
        {
            if (slot.TryTake(listener.Descriptor, listener.Ctid.Value, listener.Sequence))
                Answer(listener);
        }
        catch (LinuxException error)
        {
            // Closed everywhere, its calls fail at once: none waits for an answer that never comes.
            failed(error);
            Drop(listener);
            Sweep();
        }
        slot.Clear();
    }

    private void Answer(SysInfoListener listener)
    {
        var question = slot.Question;
        var answered = false;
        try
        {
            answered = TryWrite(listener, question);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            failed(error);
        }
        if (answered)
            SeccompListener.Succeed(listener.Descriptor, question.Id);
        else
            SeccompListener.LetThrough(listener.Descriptor, question.Id);
    }

    // A thread of 0 is in no pid namespace of ours.
    private bool TryWrite(SysInfoListener listener, in SeccompQuestion question)
    {
        if (question.Thread == 0 || _answers.Of(listener.Ctid, question.Is32Bit) is not { } answer)
            return false;
        using var caller = ProcessMemory.TryOpen(question.Thread);
        // What has been opened is the caller's as long as that still waits. It writes also where the caller itself may not: its own copy of a page.
        return caller is not null && SeccompListener.IsWaiting(listener.Descriptor, question.Id) && caller.TryWrite(question.Argument0, answer);
    }

    private void Drop(SysInfoListener listener)
    {
        _listeners.TryRemove(listener.Descriptor.Number, out _);
        _poll.Remove(listener.Descriptor);
        listener.Descriptor.Dispose();
        _over++;
    }

    private void Sweep()
    {
        var live = _listeners.Values.ToDictionary(listener => listener.Name, listener => listener.Account);
        parked.Sweep((name, _) => live.Remove(name, out var account) ? account : null);
        _over = 0;
    }
}

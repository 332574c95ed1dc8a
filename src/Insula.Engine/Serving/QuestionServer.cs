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
/// Answers sysinfo(2) and quotactl(2) in containers, whose filters ask at listeners. One thread serves all, each that has a question in its turn. What it
/// cannot answer of sysinfo(2) the kernel does, with the host's figures: nobody gets an error for asking. quotactl(2) may wait for a disk, and has a
/// thread for each question; until that is answered the listener is not looked at, so that no container has more than one for each of its filters.
/// </summary>
/// <param name="views">The running containers.</param>
/// <param name="quotas">Knows about quotas.</param>
/// <param name="parked">Where the listeners live on when this process dies.</param>
/// <param name="slots">What questions are taken into.</param>
/// <param name="failed">Told of what went wrong with a question.</param>
internal sealed class QuestionServer(IContainerViews views, QuotaAnswers quotas, ParkedDescriptors parked, QuestionSlots slots, Action<Exception> failed) : IDisposable
{
    // Listeners that are over are taken from where they are parked when there are so many of them.
    private const int MostOver = 32;
    private const int StackSize = 256 << 10;

    private readonly SysInfoAnswers _answers = new(views);
    private readonly PollSet _poll = new();
    private readonly ConcurrentDictionary<int, QuestionListener> _listeners = new();
    private long _sequence;
    private int _over;

    /// <summary>Takes over what an earlier worker had, and the questions that it has not answered.</summary>
    public void Begin()
    {
        var names = new HashSet<string>();
        foreach (var (name, descriptor) in parked.Look())
        {
            if (names.Add(name) && QuestionListener.Parse(name, descriptor) is { } listener)
            {
                _sequence = Math.Max(_sequence, listener.Sequence);
                Watch(listener);
                continue;
            }
            descriptor.Dispose();
            _over++;
        }
        // One that was just being kept is there twice.
        var isKept = slots.Kept.Any(slot => slots.QuestionIn(slot).Id == slots.Waiting);
        foreach (var slot in slots.Kept)
        {
            if (Find(slots.TakenIn(slot)) is { } waiting)
                AnswerApart(waiting, slot);
            else
                slots.Clear(slot);
        }
        if (!isKept && slots.Taken is { } taken && Find(taken) is { } asked)
            Answer(asked);
        slots.Clear();
    }

    /// <summary>Takes a new listener. For any thread.</summary>
    /// <exception cref="LinuxException">It cannot be kept.</exception>
    public void Take(Ctid ctid, FileDescriptor descriptor)
    {
        var account = views.OwnerOf(ctid)?.User ?? 0;
        var listener = new QuestionListener(ctid, account, Interlocked.Increment(ref _sequence), descriptor);
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

    private void Watch(QuestionListener listener)
    {
        _listeners[listener.Descriptor.Number] = listener;
        _poll.Add(listener.Descriptor, PollEvents.Input);
    }

    private QuestionListener? Find((long Owner, long Sequence) taken)
        => _listeners.Values.FirstOrDefault(known => known.Ctid.Value == taken.Owner && known.Sequence == taken.Sequence);

    private void Serve(QuestionListener listener)
    {
        try
        {
            if (slots.TryTake(listener.Descriptor, listener.Ctid.Value, listener.Sequence))
                Answer(listener);
        }
        catch (LinuxException error)
        {
            // Closed everywhere, its calls fail at once: none waits for an answer that never comes.
            failed(error);
            Drop(listener);
            Sweep();
        }
        slots.Clear();
    }

    private void Answer(QuestionListener listener)
    {
        var question = slots.Question;
        if (question.Is(Syscall.SysInfo))
            AnswerInformation(listener, question);
        else if (slots.TryKeep() is > 0 and var slot)
            AnswerApart(listener, slot);
        else
            SeccompListener.Fail(listener.Descriptor, question.Id, Errno.EBUSY);
    }

    private void AnswerApart(QuestionListener listener, int slot)
    {
        _poll.Remove(listener.Descriptor);
        try
        {
            new Thread(() => AnswerKept(listener, slot), StackSize) { IsBackground = true, Name = "question" }.Start();
        }
        catch (OutOfMemoryException)
        {
            // The host is short of processes.
            SeccompListener.Fail(listener.Descriptor, slots.QuestionIn(slot).Id, Errno.EBUSY);
            slots.Clear(slot);
            _poll.Add(listener.Descriptor, PollEvents.Input);
        }
    }

    private void AnswerKept(QuestionListener listener, int slot)
    {
        try
        {
            AnswerQuota(listener, slots.QuestionIn(slot));
        }
        catch (LinuxException error)
        {
            failed(error);
        }
        slots.Clear(slot);
        _poll.Add(listener.Descriptor, PollEvents.Input);
    }

    private void AnswerQuota(QuestionListener listener, in SeccompQuestion question)
    {
        var result = Errno.EIO;
        try
        {
            result = quotas.Answer(listener.Descriptor, listener.Ctid, question);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            failed(error);
        }
        if (result == Errno.None)
            SeccompListener.Succeed(listener.Descriptor, question.Id);
        else
            SeccompListener.Fail(listener.Descriptor, question.Id, result);
    }

    private void AnswerInformation(QuestionListener listener, in SeccompQuestion question)
    {
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
    private bool TryWrite(QuestionListener listener, in SeccompQuestion question)
    {
        if (question.Thread == 0 || _answers.Of(listener.Ctid, question.Is32Bit) is not { } answer)
            return false;
        using var caller = ProcessMemory.TryOpen(question.Thread);
        // What has been opened is the caller's as long as that still waits. It writes also where the caller itself may not: its own copy of a page.
        return caller is not null && SeccompListener.IsWaiting(listener.Descriptor, question.Id) && caller.TryWrite(question.Argument(0), answer);
    }

    private void Drop(QuestionListener listener)
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

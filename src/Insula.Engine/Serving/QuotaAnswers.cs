using Insula.Engine.Containers;
using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Quotas;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// quotactl(2) and quotactl_fd(2) in containers whose users have quotas. The kernel wants the host's root for them; here they are made on the container's own
/// image, for its root, or a user who asks about himself, with the container's ids turned into the host's and back. Nothing is ever left to the kernel:
/// the caller's memory may have changed by then.
/// </summary>
/// <param name="engine">The host's containers.</param>
internal sealed class QuotaAnswers(EngineContext engine)
{
    /// <summary>Answers a question.</summary>
    /// <param name="listener">Where it was asked.</param>
    /// <param name="ctid">In which container.</param>
    /// <param name="question">The question.</param>
    /// <returns>What the call gives back.</returns>
    public Errno Answer(FileDescriptor listener, Ctid ctid, in SeccompQuestion question)
    {
        var isByFile = question.Is(Syscall.QuotactlFd);
        if (!QuotaCommand.TryParse((uint)question.Argument(isByFile ? 1 : 0), out var command, out var kind))
            return Errno.EINVAL;
        if (command.Right == QuotaRight.Nobody || question.Thread == 0)
            return Errno.EPERM;
        // All file systems, says an empty name; there is nothing in it to be written that the journal does not have.
        if (command.IsSync && !isByFile && question.Argument(1) == 0)
            return Errno.None;
        if ((question.Is32Bit ? command.CompatSize : command.Size) is var size && size < 0)
            return Errno.EINVAL;
        using var memory = ProcessMemory.TryOpen(question.Thread);
        if (memory is null || ProcessCredentials.TryRead(question.Thread) is not { } caller || engine.Store.TryLoad(ctid) is not { } config)
            return Errno.ESRCH;
        Span<byte> argument = stackalloc byte[QuotaCommand.Largest];
        if (command.Takes && !memory.TryRead(question.Argument(3), argument[..size]))
            return Errno.EFAULT;
        var container = new ContainerContext(engine, config);
        using var target = QuotaTarget.TryOpen(container);
        if (target is null)
            return Errno.ESRCH;
        var named = isByFile ? target.IsFile(question.Thread, (int)question.Argument(0)) : target.IsDevice(memory.TryReadPath(question.Argument(1)));
        if (named != Errno.None)
            return named;
        // What has been read is the caller's as long as that still waits.
        if (!SeccompListener.IsWaiting(listener, question.Id))
            return Errno.ESRCH;
        var result = new QuotaCaller(container, caller).Call(target.Quotas, command, kind, (uint)question.Argument(2), argument);
        return result == Errno.None && command.Gives && !memory.TryWrite(question.Argument(3), argument[..size]) ? Errno.EFAULT : result;
    }
}

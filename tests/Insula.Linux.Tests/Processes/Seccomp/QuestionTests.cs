using System.Runtime.InteropServices;
using System.Text;
using Insula.Linux.Launch;
using Insula.Linux.Probes;
using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;
using Insula.Linux.Tests.Abi;

namespace Insula.Linux.Tests.Processes.Seccomp;

/// <summary>A child with a filter that asks, and this process, which answers. The child has no_new_privs, so no root is needed.</summary>
public sealed class QuestionTests : IDisposable
{
    private const int PR_SET_NO_NEW_PRIVS = 38;

    private const string Source = """
        #include <stdio.h>
        #include <errno.h>
        #include <sys/sysinfo.h>
        int main(int argc, char **argv) {
            struct sysinfo info = {0};
            int bad = sysinfo(argc > 1 ? (void *)16 : &info);
            printf("%d %lu %lu %d %u\n", bad ? errno : 0, info.totalram, info.loads[0], info.procs, info.mem_unit);
            return 0;
        }
        """;

    private static readonly SystemInformation Answer = new(5, (100, 0, 0), 12345678, 1, 0, 0, 0, 42);

    private readonly QuestionSlots _slot = QuestionSlots.Create();
    private readonly TemporaryDirectory _directory = new();

    public QuestionTests()
        => Assert.SkipUnless(KernelProbes.Ask(KernelProbe.SeccompListener) == Errno.EFAULT, "this kernel's filters cannot ask");

    public void Dispose()
    {
        _slot.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void The_answer_is_written_to_the_callers_memory()
        => Assert.Equal("0 12345678 65536 42 1\n", Run([], (listener, slot) =>
        {
            Assert.True(slot.TryTake(listener, 101, 7));
            Assert.Equal((101, 7), slot.Taken);
            Reply(listener, slot.Question);
            slot.Clear();
            Assert.Null(slot.Taken);
        }));

    [Fact]
    public void A_question_that_was_taken_by_one_that_died_is_found_and_answered_by_the_next()
        => Assert.Equal("0 12345678 65536 42 1\n", Run([], (listener, slot) =>
        {
            Assert.True(slot.TryTake(listener, 101, 7));
            using var next = QuestionSlots.Adopt(slot.File.Duplicate());
            Assert.Equal((101, 7), next.Taken);
            Reply(listener, next.Question);
        }));

    [Fact]
    public void A_question_that_is_kept_makes_room_for_others_and_is_found_by_the_next()
        => Assert.Equal("0 12345678 65536 42 1\n", Run([], (listener, slots) =>
        {
            Assert.True(slots.TryTake(listener, 101, 7));
            var kept = slots.TryKeep();
            Assert.Null(slots.Taken);
            Assert.Equal(0ul, slots.Waiting);
            using var next = QuestionSlots.Adopt(slots.File.Duplicate());
            Assert.Equal([kept], next.Kept);
            Assert.Equal((101, 7), next.TakenIn(kept));
            Reply(listener, next.QuestionIn(kept));
            next.Clear(kept);
            Assert.Empty(slots.Kept);
            for (var i = 0; i < QuestionSlots.Keepable; i++)
                Assert.InRange(slots.TryKeep(), 1, QuestionSlots.Keepable);
            Assert.Equal(-1, slots.TryKeep());
        }));

    [Fact]
    public void A_call_can_be_made_to_fail()
        => Assert.StartsWith($"{(int)Errno.EDQUOT} ", Run([], (listener, slots) =>
        {
            Assert.True(slots.TryTake(listener, 101, 7));
            Assert.True(slots.Question.Is(Syscall.SysInfo));
            Assert.False(slots.Question.Is(Syscall.Quotactl));
            SeccompListener.Fail(listener, slots.Question.Id, Errno.EDQUOT);
        }), StringComparison.Ordinal);

    [Fact]
    public void An_address_that_is_none_is_left_to_the_kernel()
        => Assert.StartsWith($"{(int)Errno.EFAULT} ", Run(["bad"], (listener, slot) =>
        {
            Assert.True(slot.TryTake(listener, 101, 7));
            using var memory = ProcessMemory.TryOpen(slot.Question.Thread);
            Assert.False(memory!.TryWrite(slot.Question.Argument(0), Answer.ToBytes(false)));
            SeccompListener.LetThrough(listener, slot.Question.Id);
        }), StringComparison.Ordinal);

    [Fact]
    public void Without_anybody_at_the_listener_the_call_fails_at_once()
        => Assert.StartsWith($"{(int)Errno.ENOSYS} ", Run([], (listener, _) => listener.Dispose()), StringComparison.Ordinal);

    private static void Reply(FileDescriptor listener, SeccompQuestion question)
    {
        Assert.Equal(SyscallTable.Number(Syscall.SysInfo), question.Number);
        Assert.True(SeccompListener.IsWaiting(listener, question.Id));
        using var memory = ProcessMemory.TryOpen(question.Thread);
        Assert.True(memory!.TryWrite(question.Argument(0), Answer.ToBytes(question.Is32Bit)));
        SeccompListener.Succeed(listener, question.Id);
        Assert.False(SeccompListener.IsWaiting(listener, question.Id));
        // Nobody waits any more: nothing happens.
        SeccompListener.LetThrough(listener, question.Id);
    }

    private string Run(string[] arguments, Action<FileDescriptor, QuestionSlots> answer)
    {
        var probe = _directory.File("probe");
        var (success, output) = CCompiler.For(RuntimeInformation.ProcessArchitecture).Build(Source, probe, "-static");
        Assert.True(success, output);
        var (reader, writer) = Files.Pipe();
        using (reader)
        {
            using var plan = new LaunchPlan();
            plan.AddStandardStreams(0, writer, writer);
            plan.Add("give up", "new privileges", Syscall.PrCtl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            var filter = SeccompCompiler.Compile(ContainerSeccompProfile.WithOwnSysInfo(ContainerSeccompProfile.Default));
            var number = plan.AddSystemCallFilter(filter, listener: true);
            var made = plan.AddSignal();
            var taken = plan.AddGate();
            plan.AddFreshSignals();
            plan.AddExecuteFirst([(probe, [probe, .. arguments])], []);
            using var child = Launcher.Start(plan, CloneFlags.None);
            writer.Dispose();
            child.Await(made);
            using var listener = child.PidFd.GetDescriptor((int)number.Value);
            taken.Open();
            child.AwaitExec();
            answer(listener, _slot);
            Span<byte> text = stackalloc byte[256];
            var length = (int)Kernel.Check(Files.TryRead(reader, text), "read", "the probe's answer");
            Assert.Equal(0, child.PidFd.Wait().ShellCode);
            return Encoding.ASCII.GetString(text[..length]);
        }
    }
}

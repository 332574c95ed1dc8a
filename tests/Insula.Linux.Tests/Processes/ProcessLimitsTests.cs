using Insula.Linux.Processes;

namespace Insula.Linux.Tests.Processes;

public sealed class ProcessLimitsTests
{
    private const string Text = """
        Limit                     Soft Limit           Hard Limit           Units
        Max data size             unlimited            unlimited            bytes
        Max open files            1024                 524288               files
        Max locked memory         8388608              8388608              bytes
        Max pending signals       95884                95884                signals
        """;

    [Theory]
    [InlineData(ProcessLimit.Data, ulong.MaxValue, ulong.MaxValue)]
    [InlineData(ProcessLimit.OpenFiles, 1024, 524288)]
    [InlineData(ProcessLimit.LockedMemory, 8388608, 8388608)]
    [InlineData(ProcessLimit.QueuedSignals, 95884, 95884)]
    public void Each_limit_is_found_in_its_line(ProcessLimit limit, ulong soft, ulong hard)
        => Assert.Equal(new LimitPair(soft, hard), ProcessLimits.Parse(Text, limit));

    [Theory]
    [InlineData(ProcessLimit.Data)]
    [InlineData(ProcessLimit.OpenFiles)]
    [InlineData(ProcessLimit.LockedMemory)]
    [InlineData(ProcessLimit.QueuedSignals)]
    public void The_kernel_says_of_this_process_what_it_answers_this_process(ProcessLimit limit)
        => Assert.Equal(ProcessLimits.OwnOf(limit), ProcessLimits.TryRead(Environment.ProcessId, limit));
}

using Insula.Engine.Host;
using Insula.Engine.Serving;

namespace Insula.Engine.Tests.Serving;

/// <summary>A daemon that ends, and containers that start at the same moment.</summary>
public sealed class StartGuardTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DaemonFiles _files;

    public StartGuardTests() => _files = new DaemonFiles(HostLayout.Default with { RunDirectory = _directory.Path });

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Starts_do_not_hinder_each_other_and_the_daemon_waits_for_the_last()
    {
        var first = StartGuard.Share(_files);
        using (StartGuard.Share(_files))
            Assert.Null(StartGuard.TryTakeAlone(_files));
        Assert.Null(StartGuard.TryTakeAlone(_files));
        first.Dispose();
        using var alone = StartGuard.TryTakeAlone(_files);
        Assert.NotNull(alone);
    }

    [Fact]
    public async Task A_start_waits_for_a_daemon_that_is_ending()
    {
        var alone = StartGuard.TryTakeAlone(_files)!;
        var start = Task.Run(() => StartGuard.Share(_files), TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(start.IsCompleted);
        alone.Dispose();
        (await start).Dispose();
    }

    [Fact]
    public void A_lock_is_seen_from_outside_and_no_file_is_made_for_that()
    {
        Assert.False(StartGuard.IsLocked(_files.StartsFile));
        Assert.False(File.Exists(_files.StartsFile));
        using (StartGuard.Share(_files))
            Assert.True(StartGuard.IsLocked(_files.StartsFile));
        Assert.False(StartGuard.IsLocked(_files.StartsFile));
    }
}

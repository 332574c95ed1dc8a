using Insula.Linux.Processes;

namespace Insula.Linux.Tests.Processes;

public sealed class ProcessResourcesTests
{
    private const string Status = "Name:\tcat\nUmask:\t0022\nUid:\t1000\t1001\t1002\t1003\nThreads:\t4\nSigQ:\t3/96364\nVmLck:\t      64 kB\n";

    [Fact]
    public void The_figures_are_found_in_the_text()
        => Assert.Equal(new ProcessResources(1000, 4, 77, 64, 3, 9), ProcessResources.Parse(Status, "1213 420 350 5 0 77 0\n", 9));

    [Fact]
    public void A_kernel_thread_has_no_memory_of_its_own()
        => Assert.Equal(new ProcessResources(0, 1, 0, 0, 0, 0), ProcessResources.Parse("Uid:\t0\t0\t0\t0\nThreads:\t1\nSigQ:\t0/1\n", "0 0 0 0 0 0 0\n", 0));

    [Fact]
    public void Open_descriptors_of_this_process_are_counted()
    {
        var before = ProcessResources.TryRead(Environment.ProcessId)!.Value.Descriptors;
        var files = new List<FileStream>();
        for (var i = 0; i < 200; i++)
            files.Add(File.OpenRead("/dev/null"));
        var during = ProcessResources.TryRead(Environment.ProcessId)!.Value.Descriptors;
        files.ForEach(file => file.Dispose());
        // Other tests of this process open and close files meanwhile.
        Assert.InRange(during - before, 100, 300);
    }

    [Fact]
    public void A_process_that_is_gone_holds_nothing() => Assert.Null(ProcessResources.TryRead(2147483600));

    [Fact]
    public void A_lock_that_waits_is_not_held()
    {
        const string locks = """
            1: POSIX  ADVISORY  WRITE 25751 fe:00:11658640 0 EOF
            2: OFDLCK ADVISORY  READ -1 fe:00:11658060 203 203
            3: FLOCK  ADVISORY  WRITE 25751 00:1c:4711 0 EOF
            3: -> FLOCK  ADVISORY  WRITE 777 00:1c:4711 0 EOF
            """;
        Assert.Equal(new Dictionary<int, int> { [25751] = 2, [-1] = 1 }, FileLocks.Parse(locks));
    }

    [Theory]
    [InlineData(true, "40 30 0:40 / /dev rw - tmpfs tmpfs rw\n41 40 0:41 / /dev/pts rw - devpts devpts rw\n")]
    [InlineData(false, "40 30 0:40 / /dev rw - tmpfs tmpfs rw\n41 40 0:41 / /dev/pts rw - devpts devpts rw\n42 41 0:42 / /dev/pts rw - fuse x rw\n")]
    [InlineData(false, "41 40 0:41 / /dev/pts rw - devpts devpts rw\n40 30 0:40 / /dev rw - fuse x rw\n")]
    [InlineData(false, "40 30 0:40 / /dev rw - tmpfs tmpfs rw\n")]
    public void Terminals_are_looked_for_in_a_devpts_only(bool expected, string mountInfo)
        => Assert.Equal(expected, TerminalCount.IsDevpts(mountInfo));
}

using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Probes;

public class KernelProbesTests
{
    [Fact]
    public void No_question_leaves_a_descriptor_or_a_process()
    {
        foreach (var probe in Enum.GetValues<KernelProbe>())
            KernelProbes.Ask(probe);
        var before = Descriptors();
        foreach (var probe in Enum.GetValues<KernelProbe>())
        {
            for (var i = 0; i < 200; i++)
                KernelProbes.Ask(probe);
        }
        // Other tests run beside this one and hold a few of their own.
        Assert.InRange(Descriptors(), 0, before + 100);

        static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;
    }

    [Theory]
    [InlineData(KernelProbe.OpenAt2)]
    [InlineData(KernelProbe.Clone3)]
    [InlineData(KernelProbe.PidfdGetfd)]
    public void A_kernel_that_runs_these_tests_has_the_calls_that_the_library_needs(KernelProbe probe)
        => Assert.True(KernelProbes.HasCall(probe));

    [Fact]
    public void Every_question_is_answered_with_an_error_that_its_manual_page_knows()
    {
        Errno[] known =
        [
            Errno.None, Errno.EINVAL, Errno.EBADF, Errno.EFAULT, Errno.EPERM, Errno.ENODEV, Errno.ENOSYS, Errno.EOPNOTSUPP, Errno.EACCES,
        ];
        foreach (var probe in Enum.GetValues<KernelProbe>())
            Assert.Contains(KernelProbes.Ask(probe), known);
    }
}

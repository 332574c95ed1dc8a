using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests;

public class ErrnoTextTests
{
    [Fact]
    public void An_error_is_described_by_its_name_and_its_words()
        => Assert.Equal("ENOENT (no such file or directory)", ErrnoText.Describe(Errno.ENOENT));
}

using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests;

public class LocalTimeTests
{
    [Fact]
    public void The_c_library_and_the_runtime_agree_on_the_local_time()
    {
        var now = LocalTime.Now();
        Assert.Equal(TimeZoneInfo.Local.GetUtcOffset(now), now.Offset);
        Assert.InRange((DateTimeOffset.UtcNow - now).TotalMinutes, -1, 1);
    }
}

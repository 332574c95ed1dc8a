using Insula.Engine.Beancounters.Shared;
using Insula.Engine.Containers;

namespace Insula.Cli.Tests.VzUbc;

public sealed class SharedTests : IDisposable
{
    private const long MiB = 1 << 20;

    private readonly CliFixture _cli = new()
    {
        SharedMemory = new SharedMemory(
            [
                new SharedMemoryRow(new Ctid(102), 12, 90 * MiB, 31 * MiB, 40 * MiB, 36 * MiB, 55 * MiB),
                new SharedMemoryRow(new Ctid(101), 3, 12 * MiB + 345_678, 7 * MiB, 9 * MiB, 6 * MiB, null),
            ],
            43 * MiB,
            MiB),
    };

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("vzubc-shared", "--shared")]
    [InlineData("vzubc-shared-json", "--shared", "--json")]
    [InlineData("vzubc-shared-101", "--shared", "101")]
    public void The_table_is_as_it_was(string golden, params string[] arguments)
    {
        Assert.Equal(0, _cli.Run("vzubc", arguments));
        Golden.Check($"tests/Insula.Cli.Tests/VzUbc/Golden/{golden}.txt", _cli.Output);
    }

    [Fact]
    public void Without_containers_nothing_is_shared()
    {
        _cli.SharedMemory = new SharedMemory([], 0, null);
        Assert.Equal(0, _cli.Run("vzubc", "--shared"));
        Assert.EndsWith("\nIn memory: -, without sharing: -, saved: - (0%)\n", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("vzubc", "--shared", "--json"));
        Assert.Contains("\"hostShare\": null", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_for_root_and_reads_no_file()
    {
        Assert.Equal(1, _cli.Run("vzubc", "--shared", "-f", "x"));
        _cli.IsRoot = false;
        Assert.Equal(1, _cli.Run("vzubc", "--shared"));
        Assert.StartsWith("vzubc must be run as root", _cli.Error, StringComparison.Ordinal);
    }
}

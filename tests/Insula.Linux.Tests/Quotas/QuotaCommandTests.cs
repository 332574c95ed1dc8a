using Insula.Linux.Quotas;

namespace Insula.Linux.Tests.Quotas;

public class QuotaCommandTests
{
    private static uint Word(int command, int kind) => (uint)command << 8 | (uint)kind;

    [Theory]
    [InlineData(QuotaControl.Q_GETQUOTA, QuotaKind.User, QuotaRight.Own)]
    [InlineData(QuotaControl.Q_GETNEXTQUOTA, QuotaKind.Group, QuotaRight.Root)]
    [InlineData(QuotaControl.Q_SETQUOTA, QuotaKind.User, QuotaRight.Root)]
    [InlineData(QuotaControl.Q_GETINFO, QuotaKind.Project, QuotaRight.Anyone)]
    [InlineData(QuotaControl.Q_QUOTAOFF, QuotaKind.User, QuotaRight.Nobody)]
    public void Known_calls_are_taken_apart(int number, QuotaKind kind, QuotaRight right)
    {
        Assert.True(QuotaCommand.TryParse(Word(number, (int)kind), out var command, out var parsed));
        Assert.Equal((number, right, kind), (command.Number, command.Right, parsed));
        Assert.InRange(command.Size, command.CompatSize, QuotaCommand.Largest);
    }

    [Theory]
    [InlineData(QuotaControl.Q_GETQUOTA, 3)]
    [InlineData(0x5804, 0)] // Q_XSETQLIM
    [InlineData(0, 0)]
    public void Others_are_none(int number, int kind) => Assert.False(QuotaCommand.TryParse(Word(number, kind), out _, out _));

    [Fact]
    public void What_is_counted_as_used_is_not_to_be_set()
    {
        Assert.True(QuotaCommand.TryParse(Word(QuotaControl.Q_SETQUOTA, 0), out var set, out _));
        Assert.True(QuotaCommand.TryParse(Word(QuotaControl.Q_SETINFO, 0), out var other, out _));
        var block = new byte[QuotaCommand.SizeOfBlock];
        foreach (var (valid, usage) in new[] { (QuotaControl.QIF_LIMITS, false), (0x30u, false), (QuotaControl.QIF_SPACE, true), (QuotaControl.QIF_INODES | QuotaControl.QIF_LIMITS, true) })
        {
            BitConverter.TryWriteBytes(block.AsSpan(64), valid);
            Assert.Equal(usage, set.SetsUsage(block));
            Assert.False(other.SetsUsage(block));
        }
    }

    [Fact]
    public void The_next_id_is_read_and_written_where_the_kernel_has_it()
    {
        var block = new byte[QuotaCommand.SizeOfNextBlock];
        QuotaCommand.SetId(block, 0x01020304);
        Assert.Equal([4, 3, 2, 1], block[68..]);
        Assert.Equal(0x01020304u, QuotaCommand.IdIn(block));
    }
}

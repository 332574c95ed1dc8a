using Insula.Linux.Processes;

namespace Insula.Linux.Tests.Processes;

public class ProcessCredentialsTests
{
    private const string Status = "Name:\tsetquota\nUid:\t589825\t589824\t589824\t589824\nGid:\t590000\t590001\t590001\t590001\nGroups:\t590100 590101 \n"
        + "NStgid:\t7\nCapInh:\t0000000000000000\nCapPrm:\t000001ffffffffff\nCapEff:\t0000000000200000\n";

    [Fact]
    public void Effective_ids_and_capabilities_count()
    {
        var caller = ProcessCredentials.Parse(Status, 42)!;
        Assert.Equal((589824u, 590001u, 42ul), (caller.User, caller.Group, caller.UserNamespace));
        Assert.Equal([590100u, 590101u], caller.Groups);
        Assert.Equal(CapabilitySet.Of(Capability.SysAdmin), caller.Capabilities);
    }

    [Fact]
    public void Without_groups_of_his_own_he_has_none() => Assert.Empty(ProcessCredentials.Parse(Status.Replace("590100 590101 ", "", StringComparison.Ordinal), 0)!.Groups);

    [Theory]
    [InlineData("Uid:")]
    [InlineData("Gid:")]
    [InlineData("Groups:")]
    [InlineData("CapEff:")]
    public void What_lacks_something_says_nothing(string field) => Assert.Null(ProcessCredentials.Parse(Status.Replace(field, "Other:", StringComparison.Ordinal), 0));

    [Fact]
    public void This_process_is_known()
    {
        var self = ProcessCredentials.TryRead(Environment.ProcessId)!;
        Assert.Equal(CapabilitySet.ReadEffective(), self.Capabilities);
        Assert.NotEqual(0ul, self.UserNamespace);
        Assert.Null(ProcessCredentials.TryRead(int.MaxValue));
    }
}

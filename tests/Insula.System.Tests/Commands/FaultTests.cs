namespace Insula.System.Tests.Commands;

/// <summary>Each operation is broken at each of its undo steps, by an error and by SIGKILL; afterwards the plain command must do its work.</summary>
[Trait("Kernel", "any")]
public class FaultTests
{
    private const int SystemError = 3, Killed = 137;
    private const int MoreStepsThanAnyOperationHas = 40;

    [Theory]
    [InlineData("throw", SystemError)]
    [InlineData("kill", Killed)]
    public void A_create_that_breaks_leaves_nothing_in_the_way(string how, int code)
    {
        using var host = new CommandHost();
        var steps = 0;
        for (var step = 1; step < MoreStepsThanAnyOperationHas; step++, steps++)
        {
            var id = $"{CommandHost.NewCtid()}";
            string[] create = ["create", id, "--ostemplate", "bb", "--name", $"n{id}"];
            var broken = host.VzctlWith([("INSULA_FAULT", $"{how}:{step}")], create);
            if (broken.Code == 0)
                break;
            Assert.Equal(code, broken.Code);
            if (how == "throw")
            {
                Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(host.Base, "private")));
                Assert.False(File.Exists(host.ConfigFile(int.Parse(id, global::System.Globalization.CultureInfo.InvariantCulture))));
            }
            if (!host.Vzctl("status", id).Output.Contains(" exist ", StringComparison.Ordinal))
                host.Vzctl(create).Succeeds();
            host.Vzctl("destroy", id).Succeeds();
        }
        Assert.InRange(steps, 3, MoreStepsThanAnyOperationHas - 2);
    }

    [Theory]
    [InlineData("throw", SystemError)]
    [InlineData("kill", Killed)]
    public void A_start_that_breaks_can_be_repeated(string how, int code)
    {
        using var counting = new CountingHost();
        var host = counting.Host;
        var groups = host.CgroupsLeft();
        var address = CommandHost.NewAddress();
        var id = $"{host.Container(false, "--ipadd", address)}";
        var steps = 0;
        for (var step = 1; step < MoreStepsThanAnyOperationHas; step++, steps++)
        {
            var broken = host.VzctlWith([("INSULA_FAULT", $"{how}:{step}")], "start", id);
            if (broken.Code == 0)
                break;
            Assert.Equal(code, broken.Code);
            Assert.DoesNotContain("running", host.Vzctl("status", id).Output, StringComparison.Ordinal);
            if (how == "throw")
            {
                Assert.Equal($"CTID {id} exist unmounted down\n", host.Vzctl("status", id).Output);
                Assert.Equal(groups, host.CgroupsLeft());
            }
            host.Vzctl("start", id).Succeeds();
            host.Vzctl("stop", id, "--fast").Succeeds();
        }
        Assert.InRange(steps, 4, MoreStepsThanAnyOperationHas - 2);
    }

    [Fact]
    public void A_set_that_breaks_takes_back_what_it_had_applied()
    {
        using var host = new CommandHost();
        var ctid = host.Container(started: true);
        var saved = File.ReadAllText(host.ConfigFile(ctid));
        var address = CommandHost.NewAddress();
        string[] set = ["set", $"{ctid}", "--numproc", "33", "--cpuunits", "2000", "--hostname", "changed", "--ipadd", address, "--save"];
        var steps = 0;
        for (var step = 1; step < MoreStepsThanAnyOperationHas; step++, steps++)
        {
            if (host.VzctlWith([("INSULA_FAULT", $"throw:{step}")], set).Code == 0)
                break;
            Assert.Equal("100", host.Cgroup("pids", ctid, "pids.max"));
            Assert.NotEqual("changed\n", host.In(ctid, "hostname"));
            Assert.DoesNotContain(address, host.In(ctid, "ip addr"), StringComparison.Ordinal);
            Assert.Equal(saved, File.ReadAllText(host.ConfigFile(ctid)));
        }
        Assert.InRange(steps, 3, MoreStepsThanAnyOperationHas - 2);
        Assert.Equal("changed\n", host.In(ctid, "hostname"));
    }
}

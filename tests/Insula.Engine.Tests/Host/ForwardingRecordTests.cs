using Insula.Engine.Host;
using Insula.Engine.Network;

namespace Insula.Engine.Tests.Host;

public class ForwardingRecordTests
{
    [Fact]
    public void The_first_value_of_a_setting_is_kept_and_foreign_lines_are_passed_over()
    {
        var directory = Directory.CreateTempSubdirectory("insula-record-").FullName;
        try
        {
            var record = new ForwardingRecord(HostLayout.Default with { RunDirectory = directory });
            record.Add([new HostForwarding.Change("ipv4/ip_forward", "0", "1")]);
            record.Add([new HostForwarding.Change("ipv4/ip_forward", "1", "1"), new HostForwarding.Change("ipv6/conf/all/forwarding", "0", "1")]);
            File.AppendAllText(Path.Combine(directory, "sysctls.before"), "kernel/panic 5\nnet/../../etc/passwd x\nrubbish\n");
            Assert.Equal(["ipv4/ip_forward 0", "ipv6/conf/all/forwarding 0"], record.Load().Select(change => $"{change.Path} {change.Before}"));
            record.Clear();
            Assert.Empty(record.Load());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}

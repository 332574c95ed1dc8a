using Insula.Engine.Host;

namespace Insula.Engine.Tests.Host;

public class SysctlRecordTests
{
    [Fact]
    public void The_first_value_of_a_setting_is_kept_and_foreign_lines_are_passed_over()
    {
        var directory = Directory.CreateTempSubdirectory("insula-record-").FullName;
        try
        {
            var record = new SysctlRecord(HostLayout.Default with { RunDirectory = directory });
            record.Add([new SysctlChange("net/ipv4/ip_forward", "0", "1")]);
            record.Add([new SysctlChange("net/ipv4/ip_forward", "1", "1"), new SysctlChange("net/ipv6/conf/all/forwarding", "0", "1")]);
            record.Add([new SysctlChange("kernel/pid_max", "32768", "4194304")]);
            File.AppendAllText(Path.Combine(directory, "sysctls.before"), "kernel/panic 5\nnet/../../etc/passwd x\nrubbish\n");
            Assert.Equal(["net/ipv4/ip_forward 0", "net/ipv6/conf/all/forwarding 0", "kernel/pid_max 32768"], record.Load().Select(change => $"{change.Path} {change.Before}"));
            record.Clear();
            Assert.Empty(record.Load());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}

using System.Globalization;
using Insula.Linux.Launch;
using Insula.Linux.Netlink;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Launch;

/// <summary>With root: sockets in the network namespaces of other processes.</summary>
public class NamespaceEntryTests
{
    private const int AF_NETLINK = 16, SOCK_RAW = 3, NETLINK_ROUTE = 0;

    private static LaunchedProcess StartInOwnNetwork(LaunchPlan plan)
    {
        plan.Add("execute", "/bin/sleep", Syscall.Execve, "/bin/sleep", PlanArgument.List(["/bin/sleep", "1000"]), PlanArgument.List([]));
        var child = Launcher.Start(plan, CloneFlags.NewNet);
        child.AwaitExec();
        return child;
    }

    [Fact]
    public void Sockets_are_opened_in_the_namespace_of_each_process_and_none_for_one_that_has_ended()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        using var plan = new LaunchPlan();
        using var other = new LaunchPlan();
        using var ended = new LaunchPlan();
        using var child = StartInOwnNetwork(plan);
        using var neighbour = StartInOwnNetwork(other);
        using var gone = StartInOwnNetwork(ended);
        gone.KillAndReap();
        try
        {
            var sockets = NamespaceEntry.OpenSockets([child.PidFd.Pid, gone.PidFd.Pid, neighbour.PidFd.Pid], AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
            Assert.Null(sockets[1]);
            using var first = new RouteSocket(sockets[0]!);
            using var second = new RouteSocket(sockets[2]!);
            first.CreateBridge("insula-test");
            Assert.NotNull(first.FindLink("insula-test"));
            Assert.Null(second.FindLink("insula-test"));
            using var here = RouteSocket.Open();
            Assert.Null(here.FindLink("insula-test"));
        }
        finally
        {
            child.KillAndReap();
            neighbour.KillAndReap();
        }
    }

    [Fact]
    public void A_file_that_is_no_network_namespace_is_refused_by_name()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        var file = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/ns/uts");
        var error = Assert.Throws<LinuxException>(() => NamespaceEntry.OpenHostSocket(file));
        Assert.Equal(Errno.EINVAL, error.Errno);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }
}

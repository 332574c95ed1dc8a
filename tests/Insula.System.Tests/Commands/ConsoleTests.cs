using System.Diagnostics;

namespace Insula.System.Tests.Commands;

public class ConsoleTests
{
    [Fact]
    public void What_runs_on_a_console_goes_on_while_nobody_is_attached()
    {
        using var host = new CommandHost();
        var ctid = host.Container(started: true);
        using (var first = host.Start("console", $"{ctid}"))
        {
            Expect(first, "X=kept; echo ready-$X\n", "ready-kept");
            host.Vzctl("console", $"{ctid}").Fails(9, "in use");
            Expect(first, "\x1b.", "Detached");
            first.WaitForExit();
            Assert.Equal(0, first.ExitCode);
        }
        host.In(ctid, "echo from the console > /dev/console");
        using var second = host.Start("console", $"{ctid}");
        Expect(second, "echo again-$X\n", "again-kept");
        host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        Assert.True(second.WaitForExit(TimeSpan.FromSeconds(20)));
        WaitUntilNothingHoldsIt(host);
    }

    [Fact]
    public void A_console_of_a_stopped_container_waits_for_it()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        using var console = host.Start("console", $"{ctid}");
        Expect(console, "", "waiting for it to start");
        host.Vzctl("start", $"{ctid}").Succeeds();
        Expect(console, "echo now-$((6 * 7))\n", "now-42");
        host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        Assert.True(console.WaitForExit(TimeSpan.FromSeconds(20)));
        WaitUntilNothingHoldsIt(host);
    }

    private static void Expect(Process process, string typed, string wanted)
    {
        process.StandardInput.Write(typed);
        process.StandardInput.Flush();
        var seen = new global::System.Text.StringBuilder();
        var reading = Task.Run(() =>
        {
            while (!seen.ToString().Contains(wanted, StringComparison.Ordinal) && process.StandardOutput.Read() is >= 0 and var character)
                seen.Append((char)character);
        });
        Assert.True(reading.Wait(TimeSpan.FromSeconds(20)), $"did not see {wanted} but: {seen}");
        Assert.Contains(wanted, seen.ToString(), StringComparison.Ordinal);
    }

    private static void WaitUntilNothingHoldsIt(CommandHost host)
    {
        var waited = Stopwatch.StartNew();
        while (Directory.Exists(Path.Combine(host.Base, "run/console")) && waited.Elapsed < TimeSpan.FromSeconds(20))
            Thread.Sleep(50);
        Assert.False(Directory.Exists(Path.Combine(host.Base, "run/console")));
    }
}

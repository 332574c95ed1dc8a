namespace Insula.System.Tests.Commands;

[Trait("Kernel", "any")]
public class HostBootTests
{
    [Fact]
    public void Containers_start_in_their_order_and_stop_in_the_reverse()
    {
        using var host = new CommandHost();
        int[] all = [host.Container(), host.Container(), host.Container(), host.Container(), host.Container()];
        Set(host, all[0], "--onboot", "yes");
        Set(host, all[1], "--onboot", "yes", "--bootorder", "1");
        Set(host, all[2], "--onboot", "yes", "--bootorder", "20");
        Set(host, all[3], "--onboot", "no");
        Set(host, all[4], "--onboot", "yes", "--disabled", "yes");
        Note(host, "mount");
        Note(host, "umount");
        var start = host.Insula("host", "start-containers").Succeeds();
        Assert.Contains($"CT {all[4]} is disabled", start.Output, StringComparison.Ordinal);
        Assert.EndsWith("3 of 3 containers started\n", start.Output, StringComparison.Ordinal);
        Assert.Equal([all[2], all[1], all[0]], Noted(host, "mount"));
        Assert.EndsWith("No container is to be started\n", host.Insula("host", "start-containers").Succeeds().Output, StringComparison.Ordinal);
        var stop = host.Insula("host", "stop-containers").Succeeds();
        Assert.EndsWith("3 of 3 containers stopped\n", stop.Output, StringComparison.Ordinal);
        Assert.Equal([all[0], all[1], all[2]], Noted(host, "umount"));
    }

    [Fact]
    public void One_that_cannot_start_keeps_no_other_from_starting_and_gives_the_code()
    {
        using var host = new CommandHost();
        var broken = host.Container();
        var whole = host.Container();
        Set(host, broken, "--onboot", "yes", "--bootorder", "5");
        Set(host, whole, "--onboot", "yes");
        var area = host.Private(broken);
        Directory.Move(area, area + ".away");
        var result = host.Insula("host", "start-containers").Fails(43, $"Not started: CT {broken} (code 43)");
        Assert.Contains("1 of 2 containers started", result.Output, StringComparison.Ordinal);
        Assert.Contains($"CT {broken}: Container private area", result.Output, StringComparison.Ordinal);
        Assert.Equal($"CTID {whole} exist mounted running\n", host.Vzctl("status", $"{whole}").Output);
        Directory.Move(area + ".away", area);
    }

    [Fact]
    public void A_container_that_says_nothing_starts_if_the_shutdown_stopped_it()
    {
        using var host = new CommandHost();
        var ran = host.Container(started: true);
        var stopped = host.Container(started: true);
        var barred = host.Container(started: true);
        Set(host, barred, "--onboot", "no");
        host.Vzctl("stop", $"{stopped}").Succeeds();
        host.Insula("host", "stop-containers").Succeeds();
        host.Insula("host", "start-containers").Succeeds();
        Assert.Equal([$"{ran}"], host.Vzlist("-H", "-o", "ctid").Succeeds().Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        // What was barred at that boot does not come back at a later one because it once ran.
        host.Vzctl("set", $"{barred}", "--onboot", "yes", "--save").Succeeds();
        File.WriteAllText(host.ConfigFile(barred), File.ReadAllText(host.ConfigFile(barred)).Replace("ONBOOT=\"yes\"\n", "", StringComparison.Ordinal));
        host.Insula("host", "start-containers").Succeeds();
        Assert.Equal($"CTID {barred} exist unmounted down\n", host.Vzctl("status", $"{barred}").Output);
    }

    [Fact]
    public void A_wish_that_cannot_be_met_yet_is_told_and_VIRTUOZZO_no_starts_nothing()
    {
        using var host = new CommandHost();
        var ctid = host.Container();
        Set(host, ctid, "--onboot", "yes");
        File.AppendAllText(Path.Combine(host.Base, "etc/vz.conf"), "VE_STOP_MODE=\"suspend\"\nVIRTUOZZO=\"no\"\n");
        Assert.Contains("VIRTUOZZO=no", host.Insula("host", "start-containers").Succeeds().Output, StringComparison.Ordinal);
        Assert.Contains("VE_STOP_MODE=suspend", host.Insula("host", "stop-containers").Succeeds().Error, StringComparison.Ordinal);
        Assert.Equal($"CTID {ctid} exist unmounted down\n", host.Vzctl("status", $"{ctid}").Output);
    }

    private static void Set(CommandHost host, int ctid, params string[] options) => host.Vzctl(["set", $"{ctid}", .. options, "--save"]).Succeeds();

    // A script of the administrator that notes when which container gets there.
    private static void Note(CommandHost host, string moment)
    {
        var script = Path.Combine(host.Base, $"etc/conf/vps.{moment}");
        File.WriteAllText(script, $"#!/bin/sh\necho $VEID >> {host.Base}/noted-{moment}\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);
    }

    private static int[] Noted(CommandHost host, string moment)
        => [.. File.ReadAllLines(Path.Combine(host.Base, $"noted-{moment}")).Select(line => int.Parse(line, global::System.Globalization.CultureInfo.InvariantCulture))];
}

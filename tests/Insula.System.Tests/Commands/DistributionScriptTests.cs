namespace Insula.System.Tests.Commands;

/// <summary>The administrator's scripts for a distribution, dists/NAME.conf, instead of what is built in.</summary>
[Trait("Kernel", "any")]
public sealed class DistributionScriptTests : IDisposable
{
    private readonly CommandHost _host = new();

    public DistributionScriptTests()
    {
        Directory.CreateDirectory(Path.Combine(_host.Base, "etc/dists/scripts"));
        // The last line has no newline: scripts are appended to it.
        Script("functions", "note() { echo \"$*\" >> /script.log; }");
        Script("add.sh", "note add $VE_STATE \"$IP_ADDR\" $IPV6 all=$IPDELALL pid1=$(cat /proc/1/comm)\n");
        Script("del.sh", "note del $VE_STATE \"$IP_ADDR\" all=$IPDELALL\n");
        Script("name.sh", "note name $VE_STATE $HOSTNM \"$IP_ADDR\"\n");
        Script("dns.sh", "note dns $VE_STATE \"$NAMESERVER\" \"$SEARCHDOMAIN\"\n");
        Script("password.sh", "note password $USERPW\n");
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Scripts_of_a_distribution_do_what_is_otherwise_built_in()
    {
        // bb.conf is found for the template "bb"; a longer name is cut at its hyphens.
        Distribution("bb", "ADD_IP=add.sh\nDEL_IP=del.sh\nSET_HOSTNAME=name.sh\nSET_DNS=dns.sh\nSET_USERPASS=password.sh\nPOST_CREATE=create.sh\n");
        Script("create.sh", "#!/bin/sh\necho created > \"$VE_ROOT/created\"\n", executable: true);
        var (one, two) = (CommandHost.NewAddress(), CommandHost.NewAddress());
        var ctid = _host.Container(started: false, "--distribution", "bb-1-x86_64", "--ipadd", one, "--hostname", "web.example.com");
        _host.Vzctl("set", $"{ctid}", "--nameserver", "192.0.2.53", "--searchdomain", "example.com", "--save").Succeeds();
        Assert.DoesNotContain("Warning", _host.Vzctl("start", $"{ctid}").Succeeds().Error, StringComparison.OrdinalIgnoreCase);
        // Before init: what has pid 1 then is not init yet.
        var log = Log(ctid);
        Assert.Equal(3, log.Length);
        Assert.StartsWith($"add starting {one} yes all= pid1=", log[0]);
        Assert.DoesNotContain("pid1=init", log[0]);
        Assert.Equal($"name starting web.example.com {one}", log[1]);
        Assert.Equal("dns starting 192.0.2.53 example.com", log[2]);
        Assert.Equal("created\n", _host.In(ctid, "cat /created"));
        Assert.Equal("no\n", _host.In(ctid, "test -e /etc/hostname || test -e /etc/resolv.conf || echo no"));

        _host.Vzctl("set", $"{ctid}", "--ipadd", two, "--save").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--ipdel", "all", "--save").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--userpasswd", "root:secret word").Succeeds();
        Assert.Equal(
            [
                $"add running {two} yes all= pid1=init", $"name running web.example.com {one} {two}",
                $"del running {one} {two} all=yes", "name running web.example.com",
                "password root:secret word",
            ],
            Log(ctid)[3..].Select(line => line.TrimEnd()));
        Assert.DoesNotContain("secret", _host.In(ctid, "cat /etc/shadow"));

        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        _host.Vzctl("set", $"{ctid}", "--userpasswd", "root:other").Succeeds();
        Assert.Contains($"CTID {ctid} exist unmounted down", _host.Vzctl("status", $"{ctid}").Output);
        _host.Vzctl("mount", $"{ctid}").Succeeds();
        Assert.EndsWith("password root:other\n", File.ReadAllText(Path.Combine(_host.Root(ctid), "script.log")));
    }

    [Fact]
    public void A_script_that_fails_or_is_missing_ends_the_command_and_what_was_done_is_taken_back()
    {
        Distribution("bb", "ADD_IP=add.sh\n");
        var (one, two) = (CommandHost.NewAddress(), CommandHost.NewAddress());
        var ctid = _host.Container(started: true, "--ipadd", one);
        Script("add.sh", "exit 5\n");
        var before = File.ReadAllText(_host.ConfigFile(ctid));
        _host.Vzctl("set", $"{ctid}", "--ipadd", two, "--save").Fails(79, $"Distribution script {_host.Base}/etc/dists/scripts/add.sh (ADD_IP) of CT {ctid} failed with code 5");
        Assert.Equal(before, File.ReadAllText(_host.ConfigFile(ctid)));
        Assert.DoesNotContain(two, _host.In(ctid, "ip addr show venet0"));
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        _host.Vzctl("start", $"{ctid}").Fails(79, "(ADD_IP)");
        Assert.Contains($"CTID {ctid} exist unmounted down", _host.Vzctl("status", $"{ctid}").Output);

        File.SetUnixFileMode(Path.Combine(_host.Base, "etc/dists/scripts/add.sh"), (UnixFileMode)0x1B6);
        _host.Vzctl("start", $"{ctid}").Fails(79, "others than root may write it");
        Distribution("bb", "ADD_IP=gone.sh\n");
        _host.Vzctl("start", $"{ctid}").Fails(108, "gone.sh does not exist");
        Distribution("bb", "ADD_IP=../../vz.conf\n");
        _host.Vzctl("start", $"{ctid}").Fails(108, "is not the name of a file");
        // The file "default" is for distributions that have none of their own, and is told of.
        File.Delete(Path.Combine(_host.Base, "etc/dists/bb.conf"));
        File.WriteAllText(Path.Combine(_host.Base, "etc/dists/default"), "SET_DNS=dns.sh\n");
        Assert.Contains("dists/default", _host.Vzctl("start", $"{ctid}").Succeeds().Error);
        Assert.Equal($"ct{ctid}\n", _host.In(ctid, "cat /etc/hostname"));
    }

    [Fact]
    public void A_script_that_does_not_end_is_killed_and_not_called_again()
    {
        File.AppendAllText(Path.Combine(_host.Base, "etc/vz.conf"), "SCRIPT_TIMEOUT=\"2\"\n");
        Distribution("bb", "SET_DNS=dns.sh\n");
        var ctid = _host.Container(started: true);
        Script("dns.sh", "note called\nexec sleep 100000\n");
        _host.Vzctl("set", $"{ctid}", "--nameserver", "192.0.2.53").Fails(15, "did not end within 2 s and was killed");
        Assert.Equal(["called"], Log(ctid));
        Assert.DoesNotContain("sleep", _host.In(ctid, "ps"));
    }

    private string[] Log(int ctid) => _host.In(ctid, "cat /script.log").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private void Distribution(string name, string text) => File.WriteAllText(Path.Combine(_host.Base, $"etc/dists/{name}.conf"), text);

    private void Script(string name, string text, bool executable = false)
    {
        var path = Path.Combine(_host.Base, "etc/dists/scripts", name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)(executable ? 0x1ED : 0x1A4));
    }
}

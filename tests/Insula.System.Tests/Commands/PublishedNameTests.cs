namespace Insula.System.Tests.Commands;

/// <summary>Containers that are found by name: by the host, and by those of the same group.</summary>
[Trait("Kernel", "any")]
public sealed class PublishedNameTests : IDisposable
{
    private const string Block = "# Insula known hosts: begin";

    private readonly CommandHost _host = new();

    private string HostsFile => Path.Combine(_host.Base, "hosts");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Without_a_domain_nobody_is_told_of_anything()
    {
        File.WriteAllText(HostsFile, "127.0.0.1\tlocalhost\n");
        File.AppendAllText(Path.Combine(_host.Base, "etc/vz.conf"), $"NAMES_FILE=\"{HostsFile}\"\n");
        var ctid = _host.Container(started: false, "--ipadd", CommandHost.NewAddress());
        _host.Vzctl("set", $"{ctid}", "--name_group", "shop", "--save").Succeeds();
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Equal("127.0.0.1\tlocalhost\n", File.ReadAllText(HostsFile));
        Assert.DoesNotContain(Block, _host.In(ctid, "cat /etc/hosts"));
    }

    [Fact]
    public void The_host_finds_all_that_run_and_containers_find_those_of_their_group()
    {
        File.WriteAllText(HostsFile, "127.0.0.1\tlocalhost\n");
        File.AppendAllText(Path.Combine(_host.Base, "etc/vz.conf"), $"NAMES_DOMAIN=\"ct.internal\"\nNAMES_FILE=\"{HostsFile}\"\n");
        string[] at = [CommandHost.NewAddress(), CommandHost.NewAddress(), CommandHost.NewAddress(), CommandHost.NewAddress()];
        var web = Named("Web", at[0], "shop");
        var db = Named("db", at[1], "shop");
        // Its host name is not what it is found by: that may be a customer's choice.
        var other = _host.Container(started: false, "--ipadd", at[2], "--hostname", "db.example.com");
        foreach (var ctid in new[] { web, db, other })
            _host.Vzctl("start", $"{ctid}").Succeeds();

        Assert.Equal(
            $"127.0.0.1\tlocalhost\n# Insula containers: begin\n{at[0]}\tweb.ct.internal\n{at[1]}\tdb.ct.internal\n{at[2]}\tct{other}.ct.internal\n# Insula containers: end\n",
            File.ReadAllText(HostsFile));
        Assert.EndsWith($"{Block}\n{at[1]}\tdb.ct.internal db\n# Insula known hosts: end\n", Hosts(web));
        Assert.EndsWith($"{Block}\n{at[0]}\tweb.ct.internal web\n# Insula known hosts: end\n", Hosts(db));
        Assert.DoesNotContain(Block, Hosts(other));

        // Changes are seen by those who run: an address, a name, a group.
        _host.Vzctl("set", $"{db}", "--ipadd", at[3]).Succeeds();
        Assert.Contains($"\n{at[3]}\tdb.ct.internal db\n", Hosts(web));
        _host.Vzctl("set", $"{db}", "--ipdel", at[3]).Succeeds();
        _host.Vzctl("set", $"{db}", "--name", "store", "--save").Succeeds();
        Assert.Contains($"{Block}\n{at[1]}\tstore.ct.internal store\n# Insula", Hosts(web));
        _host.Vzctl("set", $"{other}", "--name_group", "shop", "--save").Succeeds();
        Assert.Contains($"\n{at[2]}\tct{other}.ct.internal ct{other}\n", Hosts(web));
        Assert.Contains($"\n{at[0]}\tweb.ct.internal web\n", Hosts(other));
        _host.Vzctl("set", $"{db}", "--name_group", "", "--save").Succeeds();
        Assert.DoesNotContain(Block, Hosts(db));
        Assert.DoesNotContain("store", Hosts(web));

        // Who has stopped is not found: the address may be another's next.
        _host.Vzctl("stop", $"{other}", "--fast").Succeeds();
        Assert.DoesNotContain(Block, Hosts(web));
        foreach (var ctid in new[] { web, db })
            _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        Assert.Equal("127.0.0.1\tlocalhost\n", File.ReadAllText(HostsFile));
    }

    [Fact]
    public void A_name_that_cannot_be_written_into_a_container_stops_nobody()
    {
        File.AppendAllText(Path.Combine(_host.Base, "etc/vz.conf"), $"NAMES_DOMAIN=\"ct.internal\"\nNAMES_FILE=\"{HostsFile}\"\n");
        var hostile = Named("hostile", CommandHost.NewAddress(), "shop");
        var web = Named("web", CommandHost.NewAddress(), "shop");
        _host.Vzctl("start", $"{hostile}").Succeeds();
        _host.In(hostile, "rm /etc/hosts && mkdir /etc/hosts");
        Assert.Contains($"could not be written for CT {hostile}", _host.Vzctl("start", $"{web}").Succeeds().Error);
        Assert.Contains("hostile.ct.internal", Hosts(web));
        _host.In(hostile, "rm -r /etc/hosts");
    }

    private int Named(string name, string address, string group)
    {
        var ctid = _host.Container(started: false, "--ipadd", address, "--name", name);
        _host.Vzctl("set", $"{ctid}", "--name_group", group, "--save").Succeeds();
        return ctid;
    }

    private string Hosts(int ctid) => _host.In(ctid, "cat /etc/hosts");
}

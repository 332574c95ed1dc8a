namespace Insula.Cli.Tests.VzList;

public sealed class ColumnTests : IDisposable
{
    private const string Web = """
        IP_ADDRESS="192.0.2.1/24 2001:db8::1"
        HOSTNAME="web.example"
        DESCRIPTION="the first one"
        OSTEMPLATE="debian-13"
        ONBOOT="yes"
        CPUUNITS="2000"
        PRIVVMPAGES="65536:69632"
        VE_LAYOUT="dir"
        """;

    private readonly CliFixture _cli = new();

    public ColumnTests()
    {
        _cli.WriteContainer(101, Web, "web");
        _cli.WriteContainer(102, "HOSTNAME=\"mail\"");
        _cli.WriteContainer(1003, "");
        _cli.MarkRunning(101);
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_default_lists_running_containers()
    {
        Assert.Equal(0, _cli.Run("/usr/sbin/vzlist"));
        Assert.Equal(
            "      CTID      NPROC STATUS    IP_ADDR         HOSTNAME\n"
            + "       101         23 running   192.0.2.1       web.example\n",
            _cli.Output);
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public void All_lists_stopped_ones_too_by_number()
    {
        Assert.Equal(0, _cli.Run("vzlist", "--all"));
        Assert.Equal(
            "      CTID      NPROC STATUS    IP_ADDR         HOSTNAME\n"
            + "       101         23 running   192.0.2.1       web.example\n"
            + "       102          - stopped   -               mail\n"
            + "      1003          - stopped   -               -\n",
            _cli.Output);
    }

    [Theory]
    [InlineData("       102\n      1003\n", "-S", "-1")]
    [InlineData("       101\n       102\n      1003\n", "-aH", "-octid")]
    [InlineData("       101\n       102\n      1003\n", "-aHoctid")]
    [InlineData("       101\n       102\n      1003\n", "-a", "-Ho", "ctid")]
    [InlineData("       101\n       102\n      1003\n", "-a1")]
    [InlineData("       101\n", "-1")]
    [InlineData("       101 running\n       102 stopped\n      1003 stopped\n", "-aHovpsid,status")]
    [InlineData("      1003\n       102\n       101\n", "-a1", "-s", "-ctid")]
    [InlineData("      1003\n       102\n       101\n", "-a1s-ctid")]
    [InlineData("      1003\n       102\n       101\n", "-a1", "--sort=-ctid")]
    [InlineData("      1003\n       102\n       101\n", "-a1", "-s", "hostname")]
    [InlineData("       101\n       102\n      1003\n", "-a1", "-s", "-hostname")]
    [InlineData("       101\n", "-a1", "-h", "web*")]
    [InlineData("       101\n", "-a1", "-N", "w?b")]
    [InlineData("       101\n", "-a1", "-d", "the * one")]
    [InlineData("       102\n", "-1", "102")]
    [InlineData("       102\n", "102", "-1")]
    [InlineData("       101\n       102\n", "-1", "102", "web", "102")]
    [InlineData("running\n", "-Hostatus", "101")]
    [InlineData("       web running\n", "-Ho", "smart_name,status", "101")]
    [InlineData("     65536      69632\n", "101", "-Hoprivvmpages.b,privvmpages.l")]
    [InlineData("   2000    yes    dir\n", "-H", "-ocpuunits,onboot,layout", "101")]
    [InlineData("192.0.2.1              101\n", "-H", "-o", "ip,ctid", "101")]
    [InlineData("192.0.2.1 2001:db8::1\n", "-H", "-o", "ip", "101")]
    public void Flags_mean_what_they_meant(string output, params string[] arguments)
    {
        Assert.Equal(0, _cli.Run("vzlist", arguments));
        Assert.Equal(output, _cli.Output);
    }

    [Fact]
    public void Numbers_only_keep_their_width()
    {
        _cli.Run("vzlist", "-1");
        Assert.Equal("       101\n", _cli.Output);
    }

    [Fact]
    public void By_name_the_first_column_is_the_name()
    {
        _cli.Run("vzlist", "-an");
        Assert.Equal(
            " SMARTNAME      NPROC STATUS    IP_ADDR         HOSTNAME\n"
            + "       web         23 running   192.0.2.1       web.example\n"
            + "       102          - stopped   -               mail\n"
            + "      1003          - stopped   -               -\n",
            _cli.Output);
    }

    [Fact]
    public void No_line_ends_in_a_blank_whatever_the_fields()
    {
        var names = Cli.VzList.FieldTable.All().Select(field => field.Name).ToList();
        foreach (var name in names)
        {
            Assert.Equal(0, _cli.Run("vzlist", "-a", "-o", $"ctid,{name}"));
            Assert.All(_cli.Output.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
        }
    }

    [Fact]
    public void Text_is_cut_to_its_column_unless_it_is_last_or_nothing_is_to_be_cut()
    {
        _cli.WriteContainer(104, $"HOSTNAME=\"{new string('a', 40)}\"");
        _cli.Run("vzlist", "-Ho", "hostname,ctid", "104");
        Assert.Equal($"{new string('a', 32)}        104\n", _cli.Output);
        _cli.Run("vzlist", "-tHo", "hostname,ctid", "104");
        Assert.Equal($"{new string('a', 40)}        104\n", _cli.Output);
        _cli.Run("vzlist", "-Ho", "ctid,hostname", "104");
        Assert.Equal($"       104 {new string('a', 40)}\n", _cli.Output);
    }

    [Fact]
    public void A_number_is_never_cut()
    {
        _cli.WriteContainer(104, "PRIVVMPAGES=\"9223372036854775807:9223372036854775807\"");
        _cli.Run("vzlist", "-Ho", "privvmpages.b,privvmpages.l", "104");
        Assert.Equal("9223372036854775807 9223372036854775807\n", _cli.Output);
    }

    [Fact]
    public void Nothing_to_list_is_no_error_unless_containers_were_named()
    {
        Assert.Equal(0, _cli.Run("vzlist", "-N", "nobody"));
        Assert.Empty(_cli.Output);
        Assert.Equal("Container(s) not found\n", _cli.Error);
        Assert.Equal(1, _cli.Run("vzlist", "999"));
        Assert.Empty(_cli.Output);
        Assert.Equal("Container(s) not found\n", _cli.Error);
        Assert.Equal(0, _cli.Run("vzlist", "999", "102", "-1"));
        Assert.Equal("       102\n", _cli.Output);
        Assert.Equal(1, _cli.Run("vzlist", "-j", "999"));
        Assert.Equal("[]\n", _cli.Output);
    }

    [Theory]
    [InlineData(21, "Bad CT ID nobody", "nobody")]
    [InlineData(20, "Unknown field: frob", "-ofrob")]
    [InlineData(20, "Unknown field: frob", "-s", "-frob")]
    [InlineData(20, "Unknown option -Z", "-aZ")]
    [InlineData(20, "Option --output needs a value: FIELD[,FIELD...]", "-ao")]
    [InlineData(20, "Field numproc.m cannot be shown as JSON", "-j", "-onumproc.m")]
    [InlineData(20, "No field is named after -o", "-o,")]
    public void What_is_wrong_is_told(int code, string message, params string[] arguments)
    {
        Assert.Equal(code, _cli.Run("vzlist", arguments));
        Assert.StartsWith(message + "\n", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Output);
    }

    [Fact]
    public void Only_root_may_list()
    {
        _cli.IsRoot = false;
        Assert.Equal(12, _cli.Run("vzlist"));
        Assert.Equal(0, _cli.Run("vzlist", "-L"));
        Assert.Equal(0, _cli.Run("vzlist", "--help"));
    }

    [Fact]
    public void The_fields_are_listed_with_their_headers()
    {
        Assert.Equal(0, _cli.Run("vzlist", "-L"));
        Assert.Contains("\nnumproc.m       NPROC.M\n", _cli.Output, StringComparison.Ordinal);
        Assert.Contains("\nctid            CTID\nveid            CTID\nvpsid           CTID\nprivate         PRIVATE\n", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_stands_where_it_stood_with_its_header_and_width()
    {
        var expected = new List<string>
        {
            "ctid CTID 10", "veid CTID 10", "vpsid CTID 10", "private PRIVATE -32", "root ROOT -32", "mount_opts MOUNT_OPTS -16",
            "origin_sample ORIGIN_SAMPLE 32", "hostname HOSTNAME -32", "name NAME -32", "smart_name SMARTNAME 10", "description DESCRIPTION -32",
            "ostemplate OSTEMPLATE -32", "ip IP_ADDR -15", "nameserver NAMESERVER -15", "searchdomain SEARCHDOMAIN -15", "status STATUS -9",
        };
        string[] names = "kmemsize lockedpages privvmpages shmpages numproc physpages vmguarpages oomguarpages numtcpsock numflock numpty numsiginfo tcpsndbuf tcprcvbuf othersockbuf dgramrcvbuf numothersock dcachesize numfile numiptent swappages".Split(' ');
        string[] headers = "KMEMSIZE LOCKEDP PRIVVMP SHMP NPROC PHYSP VMGUARP OOMGUARP NTCPSOCK NFLOCK NPTY NSIGINFO TCPSNDB TCPRCVB OTHSOCKB DGRAMRB NOTHSOCK DCACHESZ NFILE NIPTENT SWAPP".Split(' ');
        for (var i = 0; i < names.Length; i++)
        {
            expected.Add($"{names[i]} {headers[i]} 10");
            expected.AddRange("mblf".Select(suffix => $"{names[i]}.{suffix} {headers[i]}.{char.ToUpperInvariant(suffix)} 10"));
        }
        expected.AddRange(
        [
            "diskspace DSPACE 10", "diskspace.s DSPACE.S 10", "diskspace.h DSPACE.H 10", "diskinodes DINODES 10", "diskinodes.s DINODES.S 10",
            "diskinodes.h DINODES.H 10", "laverage LAVERAGE 14", "uptime UPTIME 15", "cpulimit CPULIM 7", "cpuunits CPUUNI 7", "cpus CPUS 5", "ioprio IOP 3",
            "iolimit IOLIMIT 10", "iopslimit IOPS 4", "onboot ONBOOT 6", "bootorder BOOTORDER 10", "layout LAYOUT 6", "features FEATURES -15", "vswap VSWAP 5",
            "disabled DISABL 6", "vm_overcommit VM_OVC 6", "netfilter NETFILTER -9", "capability CAPABILITY -15",
        ]);
        Assert.Equal(expected, Cli.VzList.FieldTable.All().Select(field => $"{field.Name} {field.Header} {field.Width}"));
    }

    [Fact]
    public void The_kernel_is_asked_only_for_what_is_shown()
    {
        _cli.Run("vzlist", "-a", "-octid,hostname,status");
        Assert.Equal(0, _cli.UsageReads);
    }

    [Fact]
    public void A_configuration_full_of_rubbish_does_not_break_the_list()
    {
        _cli.WriteContainer(104, "\0\u0001 ====\nHOSTNAME=\"\u001b[2Jx\nCPUUNITS=\"many\"\nIP_ADDRESS=\"a b c\"");
        Assert.Equal(0, _cli.Run("vzlist", "-Ho", "ctid,cpuunits,ip,hostname", "104"));
        Assert.DoesNotContain('\u001b', _cli.Output);
        Assert.StartsWith("       104 ", _cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Uptime_and_load_have_their_old_shape()
    {
        _cli.Run("vzlist", "-Ho", "uptime,laverage", "101");
        Assert.Matches(@"\A\d{3}d\d\dh:\d\dm:\d\ds 0\.25/0\.10/0\.05\n\z", _cli.Output);
    }
}

using CsCheck;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Tests.Parameters;

public sealed class KindTests
{
    private static readonly ParseContext FourCpus = new() { HostCpus = 4 };

    [Theory]
    [InlineData("cpuunits", "8", "8")]
    [InlineData("cpuunits", "500000", "500000")]
    [InlineData("cpulimit", "150", "150")]
    [InlineData("cpulimit", "50%", "200")]
    [InlineData("cpulimit", "0", "0")]
    [InlineData("cpumask", "0-2,7", "0-2,7")]
    [InlineData("cpumask", "7,2,1,0,0", "0-2,7")]
    [InlineData("cpumask", "all", "all")]
    [InlineData("cpumask", "auto", "auto")]
    [InlineData("nodemask", "0,1", "0-1")]
    [InlineData("ram", "512M", "0:131072")]
    [InlineData("swap", "1G", "0:262144")]
    [InlineData("vm_overcommit", "1.5", "1.5")]
    [InlineData("iolimit", "10", "10485760")]
    [InlineData("iolimit", "10K", "10240")]
    [InlineData("iolimit", "unlimited", "0")]
    [InlineData("iolimit", "3G", "2147483647")]
    [InlineData("iopslimit", "unlimited", "0")]
    [InlineData("hostname", "a.example.org", "a.example.org")]
    [InlineData("hostname", "3com", "3com")]
    [InlineData("nameserver", "192.0.2.1", "192.0.2.1")]
    [InlineData("nameserver", "inherit", "inherit")]
    [InlineData("searchdomain", "example.org _x.example", "example.org _x.example")]
    [InlineData("ipadd", "192.0.2.5/255.255.255.0", "192.0.2.5/24")]
    [InlineData("ipadd", "2001:DB8:0::5/64", "2001:db8::5/64")]
    [InlineData("ipadd", "0.0.0.0", "")]
    [InlineData("capability", "NET_ADMIN:on,sys_time:off,net_admin:off", "net_admin:off,sys_time:off")]
    [InlineData("features", "nfs:on", "nfs:on")]
    [InlineData("devnodes", "net/tun:rw", "net/tun:rw")]
    [InlineData("devnodes", "fuse:none", "fuse:none")]
    [InlineData("devices", "c:0108:00:rw", "c:108:0:rw")]
    [InlineData("devices", "b:8:all:rq", "b:8:all:rq")]
    [InlineData("name", "web 1-a+b_c.d", "web 1-a+b_c.d")]
    [InlineData("name", "bücher", "bücher")]
    [InlineData("name", "", "")]
    [InlineData("description", "any <b>\"text\"</b> $HOME", "any <b>\"text\"</b> $HOME")]
    [InlineData("layout", "simfs", "dir")]
    [InlineData("layout", "overlay", "overlay")]
    [InlineData("root", "/vz/root/$VEID", "/vz/root/$VEID")]
    [InlineData("ostemplate", ".almalinux-9", ".almalinux-9")]
    [InlineData("bootorder", "4294967295", "4294967295")]
    public void An_accepted_value_is_stored_in_one_spelling(string option, string text, string stored)
        => Assert.Equal(stored, Stored(option, text));

    [Theory]
    [InlineData("cpuunits", "7", ExitCode.BadValue)]
    [InlineData("cpuunits", "500001", ExitCode.BadValue)]
    [InlineData("cpuunits", "-8", ExitCode.BadValue)]
    [InlineData("cpuunits", "1000 ", ExitCode.BadValue)]
    [InlineData("cpulimit", "101%", ExitCode.BadValue)]
    [InlineData("cpulimit", "%", ExitCode.BadValue)]
    [InlineData("cpulimit", "1e9", ExitCode.BadValue)]
    [InlineData("cpus", "1.5", ExitCode.BadValue)]
    [InlineData("cpumask", "0-", ExitCode.BadValue)]
    [InlineData("cpumask", "3-1", ExitCode.BadValue)]
    [InlineData("cpumask", "99999", ExitCode.BadValue)]
    [InlineData("cpumask", "", ExitCode.BadValue)]
    [InlineData("cpumask", "0,,1", ExitCode.BadValue)]
    [InlineData("cpumask", "0\n1", ExitCode.BadValue)]
    [InlineData("nodemask", "auto", ExitCode.BadValue)]
    [InlineData("vm_overcommit", "-1", ExitCode.BadValue)]
    [InlineData("vm_overcommit", "NaN", ExitCode.BadValue)]
    [InlineData("iolimit", "1.5M", ExitCode.BadValue)]
    [InlineData("ioprio", "8", ExitCode.BadValue)]
    [InlineData("onboot", "maybe", ExitCode.BadValue)]
    [InlineData("hostname", "", ExitCode.BadHostName)]
    [InlineData("hostname", "-a", ExitCode.BadHostName)]
    [InlineData("hostname", "a..b", ExitCode.BadHostName)]
    [InlineData("hostname", "a_b", ExitCode.BadHostName)]
    [InlineData("hostname", "a;reboot", ExitCode.BadHostName)]
    [InlineData("hostname", "a\nb", ExitCode.BadHostName)]
    [InlineData("hostname", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ExitCode.BadHostName)]
    [InlineData("ipadd", "192.0.2.256", ExitCode.BadAddress)]
    [InlineData("ipadd", "192.0.2.5/33", ExitCode.BadAddress)]
    [InlineData("ipadd", "192.0.2.5/255.0.255.0", ExitCode.BadAddress)]
    [InlineData("ipadd", "192.0.2", ExitCode.BadAddress)]
    [InlineData("ipadd", "0x7f.0.0.1", ExitCode.BadAddress)]
    [InlineData("ipadd", "192.0.2.010", ExitCode.BadAddress)]
    [InlineData("ipadd", "fe80::1%eth0", ExitCode.BadAddress)]
    [InlineData("ipadd", "::/0", ExitCode.BadAddress)]
    [InlineData("ipadd", "127.0.0.1", ExitCode.BadAddress)]
    [InlineData("ipadd", "224.0.0.1", ExitCode.BadAddress)]
    [InlineData("ipadd", "::ffff:192.0.2.1", ExitCode.BadAddress)]
    [InlineData("ipadd", "all", ExitCode.BadAddress)]
    [InlineData("nameserver", "fe80::1%eth0", ExitCode.BadNameServer)]
    [InlineData("ipdel", "nonsense", ExitCode.BadAddress)]
    [InlineData("nameserver", "dns.example.org", ExitCode.BadNameServer)]
    [InlineData("nameserver", "192.0.2.1\nnameserver 192.0.2.2", ExitCode.BadNameServer)]
    [InlineData("searchdomain", "a..b", ExitCode.BadSearchDomain)]
    [InlineData("capability", "net_admin", ExitCode.BadValue)]
    [InlineData("capability", "nonsense:on", ExitCode.BadValue)]
    [InlineData("capability", "net_admin:ON!", ExitCode.BadValue)]
    [InlineData("features", "warp:on", ExitCode.BadValue)]
    [InlineData("devnodes", "../sda:rw", ExitCode.BadValue)]
    [InlineData("devnodes", "/dev/sda:rw", ExitCode.BadValue)]
    [InlineData("devnodes", "fuse:rwx", ExitCode.BadValue)]
    [InlineData("devnodes", "fuse:", ExitCode.BadValue)]
    [InlineData("devnodes", "fuse", ExitCode.BadValue)]
    [InlineData("devices", "b:7:0:rw", ExitCode.BadValue)]
    [InlineData("devices", "b:07:all:rw", ExitCode.BadValue)]
    [InlineData("devices", "x:1:1:rw", ExitCode.BadValue)]
    [InlineData("devices", "c:all:1:rw", ExitCode.BadValue)]
    [InlineData("devices", "c:1:1048576:rw", ExitCode.BadValue)]
    [InlineData("name", "101", ExitCode.SetName)]
    [InlineData("name", "..", ExitCode.SetName)]
    [InlineData("name", "a/b", ExitCode.SetName)]
    [InlineData("name", "-x", ExitCode.SetName)]
    [InlineData("description", "two\nlines", ExitCode.BadValue)]
    [InlineData("description", "\u001b[2J", ExitCode.BadValue)]
    [InlineData("description", "not \uFFFD text", ExitCode.BadValue)]
    [InlineData("layout", "zfs", ExitCode.BadValue)]
    [InlineData("root", "relative", ExitCode.BadValue)]
    [InlineData("root", "/vz/../etc", ExitCode.BadValue)]
    [InlineData("private", "/vz/$(id)", ExitCode.BadValue)]
    [InlineData("ostemplate", "../../etc/shadow", ExitCode.BadValue)]
    [InlineData("ostemplate", "-x", ExitCode.BadValue)]
    [InlineData("local_uid", "4294967296", ExitCode.BadValue)]
    public void A_value_that_is_not_accepted_is_refused_with_the_code_of_its_option(string option, string text, ExitCode code)
    {
        var error = Expect.Error(code, () => Stored(option, text));
        Assert.Contains($"--{option}", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Accepted: ", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root:secret")]
    [InlineData("www-data:with:colons and $signs\"")]
    [InlineData("_a.b:ü")]
    public void A_password_may_hold_anything_on_one_line(string text)
    {
        var value = (UserPassword)GeneralParameters.UserPassword.Kind.ParseObject("--userpasswd", text, FourCpus);
        Assert.Equal(text, $"{value.User}:{value.Password}");
        Assert.DoesNotContain(value.Password, value.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData(":secret")]
    [InlineData("root:")]
    [InlineData("root:secret\nother:secret")]
    [InlineData("-root:secret")]
    [InlineData("ro ot:secret")]
    [InlineData("1:secret")]
    [InlineData("root:secret\0")]
    public void A_bad_password_is_refused_without_showing_it(string text)
    {
        var error = Expect.Error(ExitCode.BadValue, () => GeneralParameters.UserPassword.Kind.ParseObject("--userpasswd", text, FourCpus));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_at_all_breaks_a_grammar_and_what_one_accepts_it_reads_back()
    {
        var text = Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789:-,.%/abcnoMGunlimted \n"], 0, 20]);
        text.Sample(text =>
        {
            foreach (var parameter in ParameterCatalog.All.Where(parameter => !parameter.NeverSaved))
            {
                object value;
                try
                {
                    value = parameter.Kind.ParseObject("x", text, FourCpus);
                }
                catch (InsulaException)
                {
                    continue;
                }
                var stored = parameter.Kind.FormatObject(value);
                Assert.DoesNotContain('\n', stored);
                if (stored.Length > 0)
                    Assert.Equal(stored, parameter.Kind.FormatObject(parameter.Kind.ParseObject("x", stored, FourCpus)));
            }
        });
    }

    [Fact]
    public void Hostile_text_is_harmless_in_the_message_about_it()
    {
        var error = Expect.Error(ExitCode.BadValue, () => Stored("cpuunits", "\u001b]0;pwned\a" + new string('x', 10_000)));
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.InRange(error.Message.Length, 1, 300);
    }

    private static string Stored(string option, string text)
    {
        var (parameter, declared) = ParameterCatalog.FindOption(option)!.Value;
        var changes = new ParameterChanges();
        changes.Add(parameter, declared, text, FourCpus);
        var result = changes[parameter]!.Result(null);
        return result is null ? "" : parameter.Kind.FormatObject(result);
    }
}

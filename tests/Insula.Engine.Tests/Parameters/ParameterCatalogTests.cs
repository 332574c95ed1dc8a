using System.Reflection;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Tests.Parameters;

public sealed class ParameterCatalogTests
{
    [Fact]
    public void Every_declared_parameter_is_in_the_catalog_once()
    {
        var declared = typeof(ParameterCatalog).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(GeneralParameters).Namespace)
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => field.GetValue(null)).OfType<ParameterDeclaration>().ToList();
        Assert.Equal(declared.Select(parameter => parameter.Key).Order(), ParameterCatalog.All.Select(parameter => parameter.Key).Order());
    }

    [Fact]
    public void No_key_option_letter_or_field_means_two_things()
    {
        var all = ParameterCatalog.All;
        AssertDistinct(all.SelectMany(parameter => parameter.KeyAliases.Append(parameter.Key)));
        AssertDistinct(all.SelectMany(parameter => parameter.Options).SelectMany(option => option.Aliases.Append(option.Name)));
        AssertDistinct(all.SelectMany(parameter => parameter.Options).Select(option => option.Letter).OfType<char>().Select(letter => letter.ToString()));
        AssertDistinct(all.SelectMany(parameter => parameter.ListFields).Select(field => field.Name));
    }

    [Fact]
    public void Every_default_is_a_value_of_its_parameter()
    {
        foreach (var parameter in ParameterCatalog.All.Where(parameter => parameter.Default is not null))
            Assert.Equal(parameter.Default, parameter.Kind.FormatObject(parameter.Kind.ParseObject(parameter.Key, parameter.Default!, ParseContext.Default)));
    }

    [Fact]
    public void Help_is_one_line_without_a_full_stop()
    {
        foreach (var text in ParameterCatalog.All.SelectMany(parameter => parameter.Options.Select(option => option.Help).Append(parameter.Help)))
        {
            Assert.NotEmpty(text);
            Assert.DoesNotContain('\n', text);
            Assert.False(text.EndsWith('.'), text);
        }
    }

    [Theory]
    [InlineData("hostname nameserver searchdomain ipadd ip ipdel userpasswd cpuunits cpulimit cpus cpumask nodemask ram swap physpages swappages numproc")]
    [InlineData("numtcpsock numothersock numfile numflock numpty numsiginfo numiptent avnumproc vmguarpages oomguarpages privvmpages shmpages lockedpages")]
    [InlineData("kmemsize tcpsndbuf tcprcvbuf othersockbuf dgramrcvbuf dcachesize vm_overcommit onboot bootorder disabled name description stop-timeout")]
    [InlineData("capability features devnodes devices ostemplate root private layout ve_layout velayout diskspace diskinodes quotatime quotaugidlimit ioprio")]
    [InlineData("iolimit iopslimit local_uid local_gid")]
    public void The_options_of_vzctl_are_there(string names)
    {
        foreach (var name in names.Split(' '))
            Assert.True(ParameterCatalog.FindOption(name) is not null, name);
    }

    [Theory]
    [InlineData('p', "NUMPROC")]
    [InlineData('n', "NUMFILE")]
    [InlineData('f', "NUMFLOCK")]
    [InlineData('t', "NUMPTY")]
    [InlineData('i', "NUMSIGINFO")]
    [InlineData('e', "NUMIPTENT")]
    [InlineData('l', "LOCKEDPAGES")]
    [InlineData('k', "KMEMSIZE")]
    [InlineData('b', "TCPRCVBUF")]
    [InlineData('x', "DCACHESIZE")]
    public void The_short_letters_are_those_of_vzctl(char letter, string key)
        => Assert.Equal(key, ParameterCatalog.FindOption(letter)?.Parameter.Key);

    [Fact]
    public void Old_names_of_keys_are_known()
    {
        Assert.Equal("DCACHESIZE", ParameterCatalog.FindKey("DCACHE")?.Key);
        Assert.Equal("NUMIPTENT", ParameterCatalog.FindKey("IPTENTRIES")?.Key);
        Assert.Null(ParameterCatalog.FindKey("VETH"));
    }

    [Fact]
    public void Beancounters_stand_in_the_order_of_vzlist()
        => Assert.Equal(
            "kmemsize lockedpages privvmpages shmpages numproc physpages vmguarpages oomguarpages numtcpsock numflock numpty numsiginfo "
            + "tcpsndbuf tcprcvbuf othersockbuf dgramrcvbuf numothersock dcachesize numfile numiptent swappages",
            string.Join(' ', BeancounterParameters.Resources.Select(resource => resource.ListFields[0].Name)));

    private static void AssertDistinct(IEnumerable<string> names)
        => Assert.Empty(names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
}

using System.Text;
using CsCheck;
using Insula.Engine.Configuration;

namespace Insula.Engine.Tests.Configuration;

public sealed class ConfigFileTests
{
    private const string Sample = """
        # a comment

        ONBOOT="yes"
        cpuunits is not a key
        CPUUNITS="1000"   # the default
          IP_ADDRESS="192.0.2.5 2001:db8::5"
        SOMETHING_NEW='kept "as is"'
        VE_ROOT=/vz/root/$VEID
        #UUID: 8f3c
        """;

    [Fact]
    public void An_untouched_file_is_written_back_byte_for_byte()
    {
        Assert.Equal(Sample, Text(Parse(Sample)));
        Gen.Byte.Array[0, 300].Sample(bytes => ConfigFile.Parse("x", bytes).ToBytes().SequenceEqual(bytes));
    }

    [Theory]
    [InlineData("A=\"one two\"", "one two")]
    [InlineData("A=one", "one")]
    [InlineData("A=", "")]
    [InlineData("A=\"\"", "")]
    [InlineData("A='one $two'", "one $two")]
    [InlineData("A=\"one\" # not \"two\"", "one")]
    [InlineData("A=one # two", "one")]
    [InlineData("A=\"a \"big\" one\"", "a \"big\" one")]
    [InlineData("A=\"q\\\"d\\$b\\`s\\\\\"", "q\"d$b`s\\")]
    [InlineData("A=\"c:\\dir\"", "c:\\dir")]
    [InlineData("A=\"crlf\"\r", "crlf")]
    [InlineData("  A=\"indented\"", "indented")]
    [InlineData("A=a=b", "a=b")]
    public void A_value_is_read_as_the_shell_and_the_old_tools_read_it(string line, string value)
        => Assert.Equal(value, Parse(line).Get("A"));

    [Theory]
    [InlineData("A")]
    [InlineData("A =\"x\"")]
    [InlineData("1A=x")]
    [InlineData("export A=x")]
    [InlineData("A=\"open")]
    [InlineData("A='open")]
    [InlineData("A=\"")]
    [InlineData("=x")]
    [InlineData("#A=x")]
    public void A_line_that_is_no_assignment_gives_no_value(string line) => Assert.Null(Parse(line).Get("A"));

    [Fact]
    public void A_changed_key_stays_where_it_was_and_all_else_stays_as_it_was()
    {
        var file = Parse(Sample);
        file.Set("CPUUNITS", "500");
        Assert.Equal(Sample.Replace("CPUUNITS=\"1000\"   # the default", "CPUUNITS=\"500\"", StringComparison.Ordinal), Text(file));
    }

    [Fact]
    public void Setting_the_value_that_is_there_changes_nothing()
    {
        var file = Parse(Sample);
        file.Set("CPUUNITS", "1000");
        file.Set("VE_ROOT", "/vz/root/$VEID");
        Assert.Equal(Sample, Text(file));
    }

    [Fact]
    public void A_new_key_goes_to_the_end_but_before_a_closing_uuid()
    {
        var file = Parse(Sample);
        file.Set("CPUS", "2");
        Assert.EndsWith("\nCPUS=\"2\"\n#UUID: 8f3c", Text(file), StringComparison.Ordinal);
        var plain = Parse("A=1");
        plain.Set("B", "2");
        Assert.Equal("A=1\nB=\"2\"\n", Text(plain));
    }

    [Fact]
    public void The_first_of_two_lines_counts_and_a_write_leaves_one()
    {
        var file = Parse("A=\"1\"\nB=\"x\"\nA=\"2\"\n");
        Assert.Equal("1", file.Get("A"));
        Assert.Contains("f:3: A is given again", Assert.Single(file.Warnings).ToString(), StringComparison.Ordinal);
        file.Set("A", "1");
        Assert.Equal("A=\"1\"\nB=\"x\"\n", Text(file));
    }

    [Fact]
    public void A_removed_key_is_gone_from_every_line()
    {
        var file = Parse("A=\"1\"\nB=\"x\"\nA=\"2\"\n");
        Assert.True(file.Remove("A"));
        Assert.False(file.Remove("A"));
        Assert.Equal("B=\"x\"\n", Text(file));
    }

    [Fact]
    public void A_line_with_an_open_quote_is_replaced_when_its_key_is_set()
    {
        var file = Parse("A=\"open\nB=1\n");
        file.Set("A", "closed");
        Assert.Equal("A=\"closed\"\nB=1\n", Text(file));
        Assert.Empty(file.Warnings);
    }

    [Fact]
    public void Keys_are_case_sensitive_and_listed_once_in_order()
    {
        var file = Parse("B=1\na=2\nB=3\nA=4\n");
        Assert.Equal(["B", "a", "A"], file.Keys);
        Assert.Equal("4", file.Get("A"));
    }

    [Fact]
    public void Rubbish_is_reported_with_a_bound_and_kept()
    {
        var rubbish = new byte[200_000];
        new Random(1).NextBytes(rubbish);
        var file = ConfigFile.Parse("f", rubbish);
        Assert.InRange(file.Warnings.Count, 1, 21);
        file.Set("A", "1");
        Assert.Equal("1", ConfigFile.Parse("f", file.ToBytes()).Get("A"));
        Assert.True(file.ToBytes().AsSpan().StartsWith(rubbish));
    }

    [Fact]
    public void A_file_above_a_mebibyte_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("101.conf", "A=\"" + new string('x', ConfigFile.MaximumSize) + "\"\n");
        Assert.Contains(path, Expect.Error(ExitCode.InvalidConfig, () => ConfigFile.Load(path)).Message, StringComparison.Ordinal);
        var largest = directory.Write("102.conf", "A=\"" + new string('x', ConfigFile.MaximumSize - 5) + "\"\n");
        Assert.Equal(ConfigFile.MaximumSize - 5, ConfigFile.Load(largest).Get("A")!.Length);
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("carriage\rreturn")]
    [InlineData("nul\0")]
    [InlineData("half a pair: ?")]
    public void A_value_that_needs_more_than_a_line_is_refused_and_changes_nothing(string value)
    {
        var file = Parse("A=\"1\"\n");
        // An attribute cannot hold half a surrogate pair.
        Expect.Error(ExitCode.BadValue, () => file.Set("A", value.Replace('?', '\uD800')));
        Assert.Equal("A=\"1\"\n", Text(file));
    }

    [Theory]
    [InlineData("A B")]
    [InlineData("A=1\nB")]
    [InlineData("")]
    [InlineData("1A")]
    public void A_key_that_the_shell_would_not_take_is_refused(string key)
        => Assert.Throws<ArgumentException>(() => Parse("").Set(key, "x"));

    [Fact]
    public void Only_the_two_paths_keep_the_container_number_for_the_shell_to_put_in()
    {
        var file = Parse("");
        file.Set("VE_ROOT", "/a/$VEID/${VEID}/$VEIDS/$(reboot)");
        file.Set("DESCRIPTION", "$VEID");
        Assert.Equal("VE_ROOT=\"/a/$VEID/${VEID}/\\$VEIDS/\\$(reboot)\"\nDESCRIPTION=\"\\$VEID\"\n", Text(file));
    }

    private static ConfigFile Parse(string text) => ConfigFile.Parse("f", Encoding.UTF8.GetBytes(text));

    private static string Text(ConfigFile file) => Encoding.UTF8.GetString(file.ToBytes());
}

using System.Text.Json;
using CsCheck;

namespace Insula.Cli.Tests.VzList;

public sealed class JsonTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_layout_is_the_old_one()
    {
        _cli.WriteContainer(101, "HOSTNAME=\"a\"\nIP_ADDRESS=\"192.0.2.1/24 192.0.2.2\"\nONBOOT=no\nNUMPROC=\"10:20\"\nDISKSPACE=\"100:200\"\nFEATURES=\"nfs:on,ppp:off\"");
        _cli.WriteContainer(102, "");
        _cli.MarkRunning(101);
        Assert.Equal(0, _cli.Run("vzlist", "-aj", "-o", "ctid,hostname,ip,onboot,numproc,diskspace,laverage,features,cpuunits,vswap"));
        Assert.Equal(
            """
            [
              {
                "ctid": 101,
                "hostname": "a",
                "ip": ["192.0.2.1", "192.0.2.2"],
                "onboot": false,
                "numproc": {
                  "held": 23,
                  "maxheld": 40,
                  "barrier": 10,
                  "limit": 20,
                  "failcnt": 1
                },
                "diskspace": {
                  "usage": 1234,
                  "softlimit": 100,
                  "hardlimit": 200
                },
                "laverage": [0.25, 0.10, 0.05],
                "features": {"nfs": true, "ppp": false},
                "cpuunits": 1000,
                "vswap": false
              },
              {
                "ctid": 102,
                "hostname": null,
                "ip": [],
                "onboot": null,
                "numproc": {
                  "held": 0,
                  "maxheld": 0,
                  "barrier": null,
                  "limit": null,
                  "failcnt": 0
                },
                "diskspace": {
                  "usage": 1234,
                  "softlimit": null,
                  "hardlimit": null
                },
                "laverage": null,
                "features": null,
                "cpuunits": 1000,
                "vswap": false
              }
            ]

            """,
            _cli.Output);
    }

    [Fact]
    public void Without_o_all_fields_are_there_in_the_old_order_with_the_duplicates()
    {
        _cli.WriteContainer(101, "");
        Assert.Equal(0, _cli.Run("vzlist", "-ja"));
        using var json = JsonDocument.Parse(_cli.Output);
        var names = json.RootElement[0].EnumerateObject().Select(property => property.Name).ToList();
        Assert.Equal(Cli.VzList.FieldTable.All().Where(field => !field.Name.Contains('.', StringComparison.Ordinal)).Select(field => field.Name), names);
        Assert.Equal(["ctid", "veid", "vpsid", "private", "root"], names.Take(5));
        Assert.Matches("\"uptime\": 0\\.000,", _cli.Output);
    }

    [Fact]
    public void No_container_is_an_empty_list()
    {
        Assert.Equal(0, _cli.Run("vzlist", "-j"));
        Assert.Equal("[]\n", _cli.Output);
    }

    [Fact]
    public void Hostile_descriptions_come_back_unchanged_from_a_reader()
    {
        const string Odd = "\"\\/<\u2028\u202e\u0085é漢$`\t{}";
        var text = Gen.OneOf(
            Gen.String[Gen.Char['\u0001', '\u007f'], 0, 40],
            Gen.String[Gen.Int[0, Odd.Length - 1].Select(index => Odd[index]), 0, 40]);
        text.Where(value => value.AsSpan().IndexOfAny('\n', '\r') < 0 && value.Trim() == value).Sample(
            description =>
            {
                _cli.SaveContainer(101, file => file.Set("DESCRIPTION", description));
                Assert.Equal(0, _cli.Run("vzlist", "-aj", "-odescription,ctid"));
                using var json = JsonDocument.Parse(_cli.Output);
                var read = json.RootElement[0].GetProperty("description").GetString();
                Assert.True(read is null || read == description, $"{description} became {read}");
                // What the parameter's grammar takes must be shown.
                if (description.Length > 0 && !description.Any(char.IsControl))
                    Assert.Equal(description, read);
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public void Text_that_is_no_unicode_still_makes_valid_json()
    {
        using var writer = new StringWriter();
        var json = new Cli.VzList.JsonText(writer);
        json.Begin();
        json.BeginContainer();
        json.Name("description");
        json.String("a\ud800b");
        json.EndContainer();
        json.End();
        using var parsed = JsonDocument.Parse(writer.ToString());
        Assert.Equal("a\ufffdb", parsed.RootElement[0].GetProperty("description").GetString());
    }
}

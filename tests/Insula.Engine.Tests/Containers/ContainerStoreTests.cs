using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Tests.Containers;

public sealed class ContainerStoreTests : IDisposable
{
    private readonly TestHost _host = new();

    private ContainerStore Store => _host.Store;

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_list_is_in_the_order_of_numbers_and_holds_only_configurations()
    {
        foreach (var number in new[] { 1000, 9, 101 })
            _host.Configure(number);
        foreach (var other in new[] { "0.conf", "012.conf", "101.conf.destroyed", "101.conf.tmp", "101.mount", "ve-basic.conf-sample", "x.conf", "4294967296.conf" })
            File.WriteAllText(_host[$"vz/conf/{other}"], "");
        Assert.Equal([9, 101, 1000], Store.List().Select(ctid => ctid.Value));
    }

    [Fact]
    public void A_host_without_a_conf_directory_has_no_containers()
    {
        Directory.Delete(_host["vz/conf"]);
        Assert.Empty(Store.List());
    }

    [Fact]
    public void A_missing_configuration_is_code_14()
    {
        var error = Expect.Error(ExitCode.NoContainerConfig, () => Store.Load(new Ctid(101)));
        Assert.StartsWith("Container config file does not exist", error.Message, StringComparison.Ordinal);
        Assert.Null(Store.TryLoad(new Ctid(101)));
        Assert.False(Store.Exists(new Ctid(101)));
    }

    [Fact]
    public void A_saved_configuration_is_loaded_again()
    {
        var config = Store.CreateEmpty(new Ctid(101));
        config.Set(CpuParameters.CpuUnits, 500);
        Store.Save(config);
        Assert.Equal(500, Store.Load(new Ctid(101)).Get(CpuParameters.CpuUnits));
    }

    [Theory]
    [InlineData("101", 101)]
    [InlineData("999", 999)]
    [InlineData("0", 0)]
    [InlineData("web", 101)]
    public void A_number_or_a_name_finds_a_container(string text, int number)
    {
        Name(101, "web");
        Assert.Equal(number, Store.Find(text).Value);
    }

    [Theory]
    [InlineData("destroy", "Bad CT ID destroy")]
    [InlineData("-1", "Bad CT ID -1")]
    [InlineData("0101", "Bad CT ID 0101")]
    [InlineData("2147483645", "Bad CT ID 2147483645")]
    [InlineData("", "Bad CT ID ")]
    [InlineData("../conf/101", "Bad CT ID ../conf/101")]
    [InlineData("a\nb", "Bad CT ID a?b")]
    public void What_is_neither_is_code_21(string text, string message)
    {
        _host.Configure(101);
        Assert.Equal(message, Expect.Error(ExitCode.BadValue, () => Store.Find(text)).Message);
    }

    [Fact]
    public void A_name_whose_container_has_another_name_is_not_found()
    {
        Name(101, "web");
        _host.Configure(101, "NAME=\"mail\"\n");
        Assert.Equal("Unable to find container by name web", Expect.Error(ExitCode.BadValue, () => Store.Find("web")).Message);
        File.Delete(_host["vz/conf/101.conf"]);
        Assert.Equal("Unable to find container by name web", Expect.Error(ExitCode.BadValue, () => Store.Find("web")).Message);
    }

    [Fact]
    public void A_name_is_a_link_to_the_configuration()
    {
        Name(101, "web server");
        Assert.Equal(Store.ConfigPath(new Ctid(101)), new FileInfo(_host["vz/names/web server"]).LinkTarget);
    }

    [Fact]
    public void A_new_name_replaces_the_old_one_and_an_empty_one_removes_it()
    {
        Name(101, "web");
        Name(101, "mail");
        Assert.Equal(["mail"], Names());
        Name(101, "");
        Assert.Empty(Names());
        Assert.Null(Store.Load(new Ctid(101)).File.Get("NAME"));
    }

    [Fact]
    public void A_name_that_another_container_has_is_refused_and_nothing_changes()
    {
        Name(101, "web");
        Name(102, "mail");
        Assert.Contains("CT 101", Expect.Error(ExitCode.SetName, () => Name(102, "web")).Message, StringComparison.Ordinal);
        Assert.Equal((101, 102), (Store.Find("web").Value, Store.Find("mail").Value));
    }

    [Fact]
    public void A_name_whose_container_is_gone_or_renamed_can_be_taken()
    {
        Name(101, "web");
        Name(102, "mail");
        File.Delete(_host["vz/conf/101.conf"]);
        Name(103, "web");
        _host.Configure(102, "NAME=\"other\"\n");
        Name(104, "mail");
        Assert.Equal((103, 104), (Store.Find("web").Value, Store.Find("mail").Value));
    }

    [Fact]
    public void Saving_repairs_a_lost_link()
    {
        Name(101, "web");
        File.Delete(_host["vz/names/web"]);
        Store.Save(Store.Load(new Ctid(101)));
        Assert.Equal(101, Store.Find("web").Value);
    }

    [Fact]
    public void A_configuration_that_was_copied_with_its_name_can_be_saved_and_takes_nothing()
    {
        Name(101, "web");
        _host.Configure(102, "NAME=\"web\"\n");
        Store.Save(Store.Load(new Ctid(102)));
        Assert.Equal(101, Store.Find("web").Value);
    }

    [Fact]
    public async Task Of_many_containers_that_want_one_name_at_once_one_gets_it()
    {
        var tries = Enumerable.Range(101, 16).Select(number => Task.Run(() =>
        {
            try
            {
                Name(number, "web");
                return number;
            }
            catch (InsulaException error) when (error.Code == ExitCode.SetName)
            {
                return 0;
            }
        }));
        var winner = Assert.Single(await Task.WhenAll(tries), number => number > 0);
        Assert.Equal(winner, Store.Find("web").Value);
        Assert.Equal(["web"], Names());
    }

    [Fact]
    public void A_caller_that_holds_the_allocation_lock_can_save_a_name()
    {
        var config = Store.CreateEmpty(new Ctid(101));
        config.Set(GeneralParameters.Name, "web");
        using (var held = AllocationLock.Take(Store.Layout, "creating"))
            Store.Save(config, held);
        Assert.Equal(101, Store.Find("web").Value);
    }

    [Fact]
    public void Destroying_sets_configuration_and_scripts_aside_and_frees_the_name()
    {
        Name(101, "web");
        File.WriteAllText(_host["vz/conf/101.mount"], "");
        File.WriteAllText(_host["vz/conf/101.conf.destroyed"], "an older one");
        Store.Destroy(new Ctid(101));
        Assert.Equal(["101.conf.destroyed", "101.mount.destroyed"], Directory.GetFiles(_host["vz/conf"]).Select(Path.GetFileName).Order());
        Assert.Contains("web", File.ReadAllText(_host["vz/conf/101.conf.destroyed"]), StringComparison.Ordinal);
        Assert.Empty(Names());
        Store.Destroy(new Ctid(101));
    }

    [Fact]
    public void Destroying_a_container_does_not_take_a_name_from_another()
    {
        Name(101, "web");
        _host.Configure(102, "NAME=\"web\"\n");
        Store.Destroy(new Ctid(102));
        Assert.Equal(101, Store.Find("web").Value);
    }

    [Fact]
    public void A_configuration_full_of_rubbish_can_be_destroyed()
    {
        _host.Configure(101, new string('\u0001', 2 << 20));
        Expect.Error(ExitCode.InvalidConfig, () => Store.Load(new Ctid(101)));
        Store.Destroy(new Ctid(101));
        Assert.Empty(Store.List());
    }

    [Fact]
    public void A_sample_becomes_a_configuration_with_a_note_where_it_is_from()
    {
        File.WriteAllText(Store.SamplePath("small"), "# small\nCPUUNITS=\"500\"\n");
        Store.Save(Store.CreateFromSample(new Ctid(101), "small"));
        Assert.Equal("# small\nCPUUNITS=\"500\"\nORIGIN_SAMPLE=\"small\"\n", File.ReadAllText(Store.ConfigPath(new Ctid(101))));
        Expect.Error(ExitCode.CopyConfig, () => Store.CreateFromSample(new Ctid(101), "large"));
        Expect.Error(ExitCode.BadValue, () => Store.CreateFromSample(new Ctid(101), "../../../etc/passwd"));
    }

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(_host["vz/names"]).Select(path => Path.GetFileName(path))];

    private void Name(int number, string name)
    {
        var config = Store.TryLoad(new Ctid(number)) ?? Store.CreateEmpty(new Ctid(number));
        config.Set(GeneralParameters.Name, name);
        Store.Save(config);
    }
}

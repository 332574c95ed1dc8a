namespace Insula.System.Tests.Commands;

/// <summary>Templates through the command that administrators use.</summary>
[Trait("Kernel", "any")]
public sealed class TemplateCommandTests : IDisposable
{
    private readonly CommandHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_directory_and_an_archive_are_imported_and_containers_of_them_run()
    {
        Import("tree");
        Template("import", Tree(), "--name", "tree").Fails(21, "There is a template tree already");
        Template("import", Tree(), "--name", "tree", "--force").Succeeds();
        var archive = Path.Combine(_host.Base, "template/cache/bb.tar");
        Template("import", archive, "--name", "again").Succeeds();
        Template("import", Path.Combine(_host.Base, "none.tar")).Fails(3, "none.tar");
        File.WriteAllText(Path.Combine(_host.Base, "rubbish.tar"), new string('x', 5000));
        Template("import", Path.Combine(_host.Base, "rubbish.tar")).Fails(47);
        Assert.Equal(["again", "bb", "tree"], Listed());
        foreach (var name in (string[])["tree", "again"])
        {
            var ctid = CommandHost.NewCtid();
            _host.Vzctl("create", $"{ctid}", "--ostemplate", name).Succeeds();
            _host.Vzctl("start", $"{ctid}").Succeeds();
            Assert.Equal("works\n", _host.In(ctid, "echo works"));
        }
        Assert.Contains("Containers:  1", Template("info", "tree").Succeeds().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_changed_in_a_layer_or_an_archive_is_found_and_named()
    {
        Import("tree");
        Assert.Contains("is good", Template("verify", "tree").Succeeds().Output, StringComparison.Ordinal);
        var ctid = CommandHost.NewCtid();
        _host.Vzctl("create", $"{ctid}", "--ostemplate", "tree").Succeeds();
        Template("verify", "tree").Succeeds();
        var layers = Directory.GetFiles(Path.Combine(_host.Base, "template/layers"), "passwd", SearchOption.AllDirectories);
        File.AppendAllText(Assert.Single(layers), "guest::0:0::/:/bin/sh\n");
        var found = Template("verify", "tree").Fails(47, "Template tree is damaged");
        Assert.Contains("modified etc/passwd", found.Output, StringComparison.Ordinal);
        Template("verify", "none").Fails(91);
    }

    [Fact]
    public void A_template_in_use_stays_and_one_that_is_not_goes_with_all_it_has_unpacked()
    {
        Import("tree");
        var ctid = CommandHost.NewCtid();
        _host.Vzctl("create", $"{ctid}", "--ostemplate", "tree").Succeeds();
        Template("remove", "tree").Fails(41, "is in use by 1 container");
        Assert.Equal(["bb", "tree"], Listed());
        _host.Vzctl("start", $"{ctid}").Succeeds();
        Assert.Equal("still here\n", _host.In(ctid, "echo still here"));
        _host.Vzctl("stop", $"{ctid}", "--fast").Succeeds();
        _host.Vzctl("destroy", $"{ctid}").Succeeds();
        Template("remove", "tree").Succeeds();
        Assert.Equal(["bb"], Listed());
        Assert.Empty(Directory.GetFiles(Path.Combine(_host.Base, "template/layers"), "passwd", SearchOption.AllDirectories));
        Template("remove", "tree").Fails(91);
    }

    private void Import(string name) => Template("import", Tree(), "--name", name).Succeeds();

    private CommandResult Template(params string[] arguments) => _host.Shell($"'{_host.Binary}' template {string.Join(' ', arguments.Select(argument => $"'{argument}'"))}");

    private List<string> Listed()
        => [.. Template("list").Succeeds().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ')[0]).Order()];

    // The least that starts.
    private string Tree()
    {
        var tree = Path.Combine(_host.Base, "tree");
        if (Directory.Exists(tree))
            return tree;
        foreach (var directory in (string[])["bin", "sbin", "etc", "proc", "sys", "dev", "run", "tmp"])
            Directory.CreateDirectory(Path.Combine(tree, directory));
        File.Copy("/bin/busybox", Path.Combine(tree, "bin/busybox"));
        foreach (var applet in (string[])["sh", "echo", "true", "poweroff"])
            File.CreateSymbolicLink(Path.Combine(tree, "bin", applet), "busybox");
        File.CreateSymbolicLink(Path.Combine(tree, "sbin/init"), "../bin/busybox");
        File.WriteAllText(Path.Combine(tree, "etc/inittab"), "::sysinit:/bin/true\n");
        File.WriteAllText(Path.Combine(tree, "etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
        return tree;
    }
}

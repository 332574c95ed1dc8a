using System.Text;
using Insula.Engine.Distributions;

namespace Insula.Engine.Tests.Distributions;

public class UserAccountsTests
{
    private const string Passwd = "root:x:0:0:root:/root:/bin/bash\nbob:x:1000:1000::/home/bob:/bin/sh\n";

    private static ContainerTree Tree(string shadow) => new ContainerTree().Add("etc/passwd", Passwd).Add("etc/shadow", shadow);

    private static void AssertPassword(string entry, string password)
    {
        var hash = entry.Split(':')[1];
        Assert.Equal(hash, Sha512Crypt.Hash(Encoding.UTF8.GetBytes(password), hash.Split('$')[2], null));
    }

    [Fact]
    public void A_password_goes_into_the_shadow_entry_and_nowhere_else()
    {
        using var tree = Tree("root:*:19000:0:99999:7:::\nbob:!:19000:1:90:14:30::\n+\n");
        tree.Configurator.SetPassword("bob", "päss:word");
        Assert.Equal(Passwd, tree.Read("etc/passwd"));
        var lines = tree.Read("etc/shadow").Split('\n');
        Assert.Equal("root:*:19000:0:99999:7:::", lines[0]);
        Assert.Equal("+", lines[2]);
        AssertPassword(lines[1], "päss:word");
        Assert.EndsWith(":1:90:14:30::", lines[1]);
        Assert.NotEqual("19000", lines[1].Split(':')[2]);
    }

    [Fact]
    public void A_user_without_a_shadow_entry_gets_one()
    {
        using var tree = Tree("root:*:19000:0:99999:7:::\n").Add("etc/passwd", Passwd.Replace("bob:x", "bob:old"));
        tree.Configurator.SetPassword("bob", "secret");
        Assert.Equal(Passwd, tree.Read("etc/passwd"));
        AssertPassword(tree.Read("etc/shadow").Split('\n')[1], "secret");
    }

    [Fact]
    public void A_container_without_shadow_keeps_the_hash_in_passwd()
    {
        using var tree = new ContainerTree().Add("etc/passwd", Passwd);
        tree.Configurator.SetPassword("bob", "secret");
        var line = tree.Read("etc/passwd").Split('\n')[1];
        AssertPassword(line, "secret");
        Assert.EndsWith(":1000:1000::/home/bob:/bin/sh", line);
        Assert.False(File.Exists(tree.PathOf("etc/shadow")));
    }

    [Theory]
    [InlineData("root::19000:0:99999:7:::\n", "root:!!:19000:0:99999:7:::\n")]
    [InlineData("root:*:19000:0:99999:7:::\n", "root:*:19000:0:99999:7:::\n")]
    [InlineData("root:$6$a$b:19000:0:99999:7:::\nbob::1::::::\n", "root:$6$a$b:19000:0:99999:7:::\nbob::1::::::\n")]
    [InlineData("xroot::1\nroot:\n", "xroot::1\nroot:!!\n")]
    public void Only_an_empty_password_of_root_is_locked(string before, string after)
    {
        using var tree = Tree(before);
        tree.Configurator.PostCreate();
        Assert.Equal(after, tree.Read("etc/shadow"));
        Assert.Equal(Passwd, tree.Read("etc/passwd"));
    }

    [Theory]
    [InlineData("root::0:0:root:/root:/bin/sh\n", "root:!!:0:0:root:/root:/bin/sh\n")]
    [InlineData("root:x:0:0:root:/root:/bin/sh\n", "root:x:0:0:root:/root:/bin/sh\n")]
    public void An_empty_password_in_passwd_itself_is_locked_too(string before, string after)
    {
        using var tree = new ContainerTree().Add("etc/passwd", before);
        tree.Configurator.PostCreate();
        Assert.Equal(after, tree.Read("etc/passwd"));
    }

    [Theory]
    [InlineData("bob:x", "secret")]
    [InlineData("", "secret")]
    [InlineData("-bob", "secret")]
    [InlineData("bob\nroot", "secret")]
    [InlineData("../bob", "secret")]
    [InlineData("bob", "")]
    [InlineData("bob", "a\nroot::0:0:::")]
    [InlineData("bob", "a\0b")]
    public void A_name_or_password_that_cannot_be_one_is_refused_and_nothing_changes(string user, string password)
    {
        using var tree = Tree("root:*:19000:0:99999:7:::\n");
        var before = tree.Snapshot();
        var error = Assert.Throws<InsulaException>(() => tree.Configurator.SetPassword(user, password));
        Assert.Equal(ExitCode.BadValue, error.Code);
        Assert.Equal(before, tree.Snapshot());
    }

    [Fact]
    public void A_container_without_users_is_refused()
    {
        using var tree = new ContainerTree();
        Assert.Equal(ExitCode.SetPassword, Assert.Throws<InsulaException>(() => tree.Configurator.SetPassword("root", "secret")).Code);
    }

    [Fact]
    public void A_group_number_beyond_the_container_is_refused()
    {
        using var tree = Tree("").Add("etc/group", "eve:x:70000:\n");
        var error = Assert.Throws<InsulaException>(() => tree.Configurator.SetPassword("eve", "secret"));
        Assert.Equal(ExitCode.SetPassword, error.Code);
        Assert.Equal(Passwd, tree.Read("etc/passwd"));
    }

    [Fact]
    public void A_missing_user_is_made_with_a_home_that_is_his_by_the_containers_ids()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to give files away");
        using var tree = Tree("root:*:19000:0:99999:7:::\n")
            .Add("etc/group", "root:x:0:\nstaff:x:1001:\n").Add("etc/gshadow", "root:*::\n")
            .Add("bin/bash", "").Add("etc/skel/.profile", "umask 022\n").AddLink("etc/skel/.secret", "/etc/shadow");
        Directory.CreateDirectory(tree.PathOf("etc/skel/.directory"));
        const uint first = 200000;
        DistributionConfigurator.For(tree.Root, first, first).SetPassword("eve", "secret");
        Assert.Equal(Passwd + "eve:x:1002:1002::/home/eve:/bin/bash\n", tree.Read("etc/passwd"));
        Assert.Equal("root:x:0:\nstaff:x:1001:\neve:x:1002:\n", tree.Read("etc/group"));
        Assert.Equal("root:*::\neve:!::\n", tree.Read("etc/gshadow"));
        AssertPassword(tree.Read("etc/shadow").Split('\n')[1], "secret");
        Assert.Equal([".profile"], Directory.GetFileSystemEntries(tree.PathOf("home/eve")).Select(Path.GetFileName));
        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(tree.PathOf("home/eve")));
        Assert.Equal(first + 1002, tree.Root.TryLookAt("home/eve")!.Value.Uid);
        Assert.Equal(first + 1002, tree.Root.TryLookAt("home/eve/.profile")!.Value.Gid);
        Assert.Equal(first, tree.Root.TryLookAt("home")!.Value.Uid);
    }

    [Fact]
    public void A_home_that_is_there_already_is_not_given_away()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to give files away");
        using var tree = Tree("").AddLink("home/eve", "/etc").Add("etc/skel/.profile", "");
        tree.Configurator.SetPassword("eve", "secret");
        Assert.Equal(0u, tree.Root.TryLookAt("etc")!.Value.Uid);
        Assert.False(File.Exists(tree.PathOf("etc/.profile")));
    }
}

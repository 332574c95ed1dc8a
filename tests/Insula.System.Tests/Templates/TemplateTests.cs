using System.Diagnostics;
using Insula.Engine;
using Insula.Engine.Host;
using Insula.Engine.Templates;
using Insula.Engine.Templates.Building;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.System.Tests.Templates;

/// <summary>What unpacking does only as root: owners, file capabilities, ACLs; and the template that needs no network.</summary>
[Trait("Kernel", "any")]
public sealed class TemplateTests : IDisposable
{
    private const string Busybox = "/bin/busybox";

    private readonly string _directory = Directory.CreateTempSubdirectory("insula-test-").FullName;
    private readonly LayerStore _store;
    private readonly string _tree;

    public TemplateTests()
    {
        Require.Root();
        _store = new LayerStore(HostLayout.Default with { TemplateDirectory = $"{_directory}/template" });
        Directory.CreateDirectory(_store.Cache.DirectoryPath);
        _tree = Directory.CreateDirectory($"{_directory}/tree").FullName;
    }

    public void Dispose() => TreeRemover.Remove(_directory);

    [Fact]
    public void Owners_set_id_bits_and_file_capabilities_survive_packing_and_unpacking()
    {
        // cap_setuid is bit 7: a byte above 0x7F. VFS_CAP_REVISION_2 with the effective flag, permitted 0x2080, inheritable 0.
        byte[] capability = [1, 0, 0, 2, 0x80, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        File.WriteAllText($"{_tree}/program", "x");
        using (var file = Files.Open($"{_tree}/program", OpenFlags.ReadWrite))
        {
            Assert.Equal(0, DirectoryCalls.TryChangeOwner(file, 1000, 65535));
            Assert.Equal(0, DirectoryCalls.TryChangeMode(file, 0xDED)); // 6755
            Assert.Equal(0, ExtendedAttributes.TrySet(file, "security.capability", capability));
            Assert.Equal(0, ExtendedAttributes.TrySet(file, "user.note", [0, 255, 10]));
            Assert.Equal(0, ExtendedAttributes.TrySet(file, "trusted.note", [1]));
        }

        var name = TemplateName.Parse("tree");
        _store.Cache.Import(_tree, name);
        using var layer = _store.EnsureUnpacked(name);

        using var unpacked = Files.Open($"{layer.RootPath}/program", OpenFlags.ReadOnly);
        var status = FileStatus.Of(unpacked, "program");
        Assert.Equal((1000u, 65535u, 0xDED), (status.Uid, status.Gid, status.Mode));
        Assert.Equal(capability, ExtendedAttributes.Get(unpacked, "security.capability", "program"));
        Assert.Equal<byte>([0, 255, 10], ExtendedAttributes.Get(unpacked, "user.note", "program")!);
        Assert.Null(ExtendedAttributes.Get(unpacked, "trusted.note", "program"));
        Assert.Equal(1, _store.Info(layer.Digest)!.SkippedAttributes);
        Assert.True(_store.Verify(layer.Digest).IsGood);
    }

    [Fact]
    public void A_changed_capability_or_owner_in_a_layer_is_found()
    {
        File.WriteAllText($"{_tree}/a", "x");
        File.WriteAllText($"{_tree}/b", "x");
        var name = TemplateName.Parse("tree");
        _store.Cache.Import(_tree, name);
        using var layer = _store.EnsureUnpacked(name);
        using (var file = Files.Open($"{layer.RootPath}/a", OpenFlags.ReadWrite))
            ExtendedAttributes.TrySet(file, "security.capability", [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        using (var file = Files.Open($"{layer.RootPath}/b", OpenFlags.ReadWrite))
            DirectoryCalls.TryChangeOwner(file, 7, 7);

        var differences = _store.Verify(layer.Digest).Differences;

        Assert.Equal(
            ["a: extended attribute security.capability", "b: owner"],
            differences.Select(difference => $"{difference.Path}: {difference.What}").Order());
    }

    [Fact]
    public void The_busybox_template_holds_a_system_that_works()
    {
        Assert.SkipUnless(File.Exists(Busybox), "needs busybox-static");
        var built = new TemplateBuilder(_store).Build(TemplateKind.Busybox);
        using var layer = _store.EnsureUnpacked(built.Name);
        using var root = RootDirectory.Open(layer.RootPath);

        Assert.Equal("/sbin/init", TemplateCheck.RequireBootable(root));
        Assert.Equal("works\n", Run("chroot", layer.RootPath, "/bin/sh", "-c", "echo works"));
        Assert.Equal("0:0", Run("chroot", layer.RootPath, "/bin/stat", "-c", "%u:%g", "/etc/passwd").Trim());
        Assert.Equal("600", Run("chroot", layer.RootPath, "/bin/stat", "-c", "%a", "/etc/shadow").Trim());
        Assert.True(_store.Cache.Verify(built.Name).IsGood);
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{_store.Cache.DirectoryPath}/.work"));
    }

    [Fact]
    public void Two_busybox_templates_of_one_busybox_are_the_same()
    {
        Assert.SkipUnless(File.Exists(Busybox), "needs busybox-static");
        var builder = new TemplateBuilder(_store);
        var first = builder.Build(TemplateKind.Busybox, new TemplateBuildOptions { Name = TemplateName.Parse("one") });
        var second = builder.Build(TemplateKind.Busybox, new TemplateBuildOptions { Name = TemplateName.Parse("two") });

        Assert.Equal(first.Digest, second.Digest);
    }

    [Fact]
    public void A_busybox_that_needs_libraries_is_refused_and_nothing_is_left()
    {
        var error = Assert.Throws<InsulaException>(() => new TemplateBuilder(_store).Build(
            TemplateKind.Busybox, new TemplateBuildOptions { BusyboxProgram = "/bin/ls" }));

        Assert.Equal(ExitCode.NotEnoughResources, error.Code);
        Assert.Contains("busybox-static", error.Hint, StringComparison.Ordinal);
        Assert.Empty(_store.Cache.List([]));
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{_store.Cache.DirectoryPath}/.work"));
    }

    [Fact]
    public void A_tree_without_init_cannot_be_started()
    {
        Directory.CreateDirectory($"{_tree}/bin");
        File.WriteAllText($"{_tree}/bin/sh", "");
        File.SetUnixFileMode($"{_tree}/bin/sh", (UnixFileMode)0x1ED);
        Directory.CreateDirectory($"{_tree}/sbin");
        // Leads to the host's /bin/true, but not inside the tree.
        File.CreateSymbolicLink($"{_tree}/sbin/init", "/bin/true");
        using var root = RootDirectory.Open(_tree);

        Assert.Equal(ExitCode.BadTemplate, Assert.Throws<InsulaException>(() => TemplateCheck.RequireBootable(root)).Code);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}

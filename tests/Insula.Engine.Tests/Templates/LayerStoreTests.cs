using Insula.Engine.Host;
using Insula.Engine.Templates;
using Insula.Engine.Templates.Extraction;

namespace Insula.Engine.Tests.Templates;

public sealed class LayerStoreTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly HostLayout _layout;
    private readonly LayerStore _store;
    private readonly TemplateName _name = TemplateName.Parse("test-1");

    public LayerStoreTests()
    {
        _layout = HostLayout.Default with { TemplateDirectory = _temporary.Sub("template") };
        _store = new LayerStore(_layout, new ExtractionOptions { KeepOwners = false });
        Directory.CreateDirectory(_layout.TemplateCacheDirectory);
        Directory.CreateDirectory(_temporary.Sub("private/101"));
        Put(Archive());
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_template_is_unpacked_once_and_then_used()
    {
        using var first = _store.EnsureUnpacked(_name);
        var steps = 0;
        using var second = _store.EnsureUnpacked(_name, _ => steps++);

        Assert.Equal("shell", File.ReadAllText($"{first.RootPath}/bin/sh"));
        Assert.Equal(first.RootPath, second.RootPath);
        Assert.Equal(0, steps);
    }

    [Fact]
    public void Many_that_want_a_template_at_once_get_the_same_layer()
    {
        var roots = new string[8];
        Parallel.For(0, roots.Length, new ParallelOptions { MaxDegreeOfParallelism = roots.Length }, i =>
        {
            using var layer = new LayerStore(_layout, new ExtractionOptions { KeepOwners = false }).EnsureUnpacked(_name);
            roots[i] = File.ReadAllText($"{layer.RootPath}/bin/sh") + layer.RootPath;
        });

        Assert.Single(roots.Distinct());
        Assert.Single(_store.List());
    }

    [Fact]
    public void The_store_is_closed_to_others_and_the_root_of_a_layer_is_not()
    {
        using var layer = _store.EnsureUnpacked(_name);

        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(_layout.LayersDirectory));
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(layer.RootPath));
    }

    [Fact]
    public void A_broken_archive_leaves_nothing_behind()
    {
        Put(new RawTar().File("bin/sh").File("../../escape").Finished());

        var error = Assert.Throws<InsulaException>(() => _store.EnsureUnpacked(_name));
        Assert.Equal(ExitCode.BadTemplate, error.Code);
        Assert.Contains("test-1.tar", error.Message, StringComparison.Ordinal);
        Assert.Contains("../../escape", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateDirectories(_layout.LayersDirectory), path => path.Contains(".tmp-", StringComparison.Ordinal));
        Assert.Empty(_store.List());
    }

    [Fact]
    public void What_a_killed_command_left_is_removed_by_the_next()
    {
        LayerDigest digest;
        using (var layer = _store.EnsureUnpacked(_name))
            digest = layer.Digest;
        _store.Remove(digest, () => []);
        var left = $"{_layout.LayersDirectory}/{digest}.tmp-1";
        Directory.CreateDirectory($"{left}/root/half");

        _store.EnsureUnpacked(_name).Dispose();

        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void A_changed_archive_becomes_another_layer()
    {
        using var first = _store.EnsureUnpacked(_name);
        Put(new RawTar().File("bin/sh", "other").Finished());
        using var second = _store.EnsureUnpacked(_name);

        Assert.NotEqual(first.Digest, second.Digest);
        Assert.Equal("other", File.ReadAllText($"{second.RootPath}/bin/sh"));
    }

    [Fact]
    public void A_layer_that_a_container_uses_is_not_removed()
    {
        using (var layer = _store.EnsureUnpacked(_name))
            Use(layer.Digest.ToString());

        Assert.Equal(ExitCode.Mounted, Assert.Throws<InsulaException>(() => _store.Cache.Remove(_name, PrivateAreas)).Code);
        Assert.Empty(_store.RemoveUnused(PrivateAreas));
        Assert.Single(_store.List());
        Assert.Equal(1, Assert.Single(_store.Cache.List(PrivateAreas())).Users);
    }

    [Fact]
    public void A_layer_that_a_create_in_progress_uses_is_not_removed()
    {
        using var layer = _store.EnsureUnpacked(_name);

        Assert.Equal(ExitCode.Locked, Assert.Throws<InsulaException>(() => _store.Remove(layer.Digest, PrivateAreas)).Code);
        Assert.Empty(_store.RemoveUnused(PrivateAreas));
        Assert.True(File.Exists($"{layer.RootPath}/bin/sh"));
    }

    [Fact]
    public void A_damaged_note_of_what_a_container_uses_stops_the_removal()
    {
        LayerDigest digest;
        using (var layer = _store.EnsureUnpacked(_name))
            digest = layer.Digest;
        Use("../../etc");

        Assert.Equal(ExitCode.InvalidConfig, Assert.Throws<InsulaException>(() => _store.Remove(digest, PrivateAreas)).Code);
        Assert.True(_store.IsPresent(digest));
    }

    [Fact]
    public void Unused_layers_are_removed_and_kept_ones_are_not()
    {
        var first = Unpack();
        Put(new RawTar().File("bin/sh", "other").Finished());
        var second = Unpack();

        Assert.Equal([first], _store.RemoveUnused(PrivateAreas, new HashSet<LayerDigest> { second }));
        Assert.Equal([second], _store.List());
    }

    [Fact]
    public void A_removed_template_is_gone_with_its_layer()
    {
        Unpack();

        _store.Cache.Remove(_name, PrivateAreas);

        Assert.Empty(_store.List());
        Assert.Equal(ExitCode.TemplateNotFound, Assert.Throws<InsulaException>(() => _store.EnsureUnpacked(_name)).Code);
    }

    [Fact]
    public void A_layer_as_it_was_unpacked_is_good() => Assert.True(Verify().IsGood);

    [Fact]
    public void A_later_entry_for_a_path_is_what_a_layer_is_compared_with()
    {
        Put(new RawTar().File("a", "first").Directory("b").Symlink("a", "x").File("b", "now a file").Directory("c").File("c/d").File("c/d", "again").Finished());

        Assert.Empty(Verify().Differences);
    }

    [Theory]
    [InlineData("content", LayerDifferenceKind.Modified, "content")]
    [InlineData("size", LayerDifferenceKind.Modified, "size")]
    [InlineData("mode", LayerDifferenceKind.Modified, "mode")]
    [InlineData("type", LayerDifferenceKind.Modified, "type")]
    [InlineData("missing", LayerDifferenceKind.Missing, "")]
    public void A_change_in_a_layer_is_found(string change, LayerDifferenceKind kind, string what)
    {
        using (var layer = _store.EnsureUnpacked(_name))
            Change($"{layer.RootPath}/bin/sh", change);

        var difference = Assert.Single(Verify().Differences, found => found.Path == "bin/sh");
        Assert.Equal((kind, what), (difference.Kind, difference.What));
    }

    [Fact]
    public void A_file_that_does_not_belong_to_a_layer_is_found()
    {
        using (var layer = _store.EnsureUnpacked(_name))
            File.WriteAllText($"{layer.RootPath}/bin/extra", "");

        Assert.Contains(Verify().Differences, difference => difference is { Kind: LayerDifferenceKind.Extra, Path: "bin/extra" });
    }

    [Fact]
    public void A_layer_named_by_a_private_area_is_found_by_its_digest()
    {
        var digest = Unpack();

        Assert.True(Directory.Exists(_store.RootOf(digest.ToString())));
        Assert.Equal(ExitCode.NoPrivateArea, Assert.Throws<InsulaException>(() => _store.RootOf("../..")).Code);
    }

    private LayerDigest Unpack()
    {
        using var layer = _store.EnsureUnpacked(_name);
        return layer.Digest;
    }

    private LayerVerification Verify() => _store.Verify(Unpack());

    private string[] PrivateAreas() => Directory.GetDirectories(_temporary.Sub("private"));

    private void Use(string digest) => File.WriteAllText(_temporary.Sub("private/101/layer"), digest + "\n");

    private void Put(byte[] archive) => File.WriteAllBytes($"{_layout.TemplateCacheDirectory}/{_name}.tar", archive);

    private static byte[] Archive() => new RawTar().Directory("./").Directory("./bin").File("./bin/sh", "shell", "0000755")
        .HardLink("./bin/bash", "./bin/sh").Symlink("./lib", "usr/lib").Entry('6', "./pipe").File("./odd name%,=", "x").Finished();

    private static void Change(string path, string change)
    {
        var time = File.GetLastWriteTimeUtc(path);
        switch (change)
        {
            case "content":
                File.WriteAllText(path, "shelL");
                break;
            case "size":
                File.AppendAllText(path, "+");
                break;
            case "mode":
                File.SetUnixFileMode(path, (UnixFileMode)0x9ED);
                break;
            case "type":
                File.Delete(path);
                File.CreateSymbolicLink(path, "x");
                return;
            default:
                File.Delete(path);
                return;
        }

        File.SetLastWriteTimeUtc(path, time);
    }
}

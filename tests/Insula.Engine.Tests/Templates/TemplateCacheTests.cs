using Insula.Engine.Host;
using Insula.Engine.Templates;
using Insula.Engine.Templates.Building;
using Insula.Engine.Templates.Extraction;

namespace Insula.Engine.Tests.Templates;

public sealed class TemplateCacheTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly HostLayout _layout;
    private readonly LayerStore _store;

    public TemplateCacheTests()
    {
        _layout = HostLayout.Default with { TemplateDirectory = _temporary.Sub("template") };
        _store = new LayerStore(_layout, new ExtractionOptions { KeepOwners = false });
        Directory.CreateDirectory(_layout.TemplateCacheDirectory);
        File.WriteAllBytes(_temporary.Sub("my.tar"), new RawTar().File("a", "content").Finished());
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_host_without_templates_lists_none()
    {
        Directory.Delete(_layout.TemplateCacheDirectory);

        Assert.Empty(_store.Cache.List([]));
    }

    [Fact]
    public void Archives_are_listed_by_name_and_other_files_are_not()
    {
        foreach (var file in new[] { "b.tar.gz", "a.tar", "c.txt", ".hidden.tar", "a.tar.xz" })
            File.WriteAllText($"{_layout.TemplateCacheDirectory}/{file}", "");

        Assert.Equal(["a", "b"], _store.Cache.List([]).Select(template => template.Name.Value));
        Assert.EndsWith("a.tar.xz", _store.Cache.Find(TemplateName.Parse("a")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_is_imported_under_its_own_name()
    {
        var template = _store.Cache.Import(_temporary.Sub("my.tar"));

        Assert.Equal("my", template.Name.Value);
        Assert.NotNull(template.Digest);
        Assert.Equal(File.ReadAllBytes(_temporary.Sub("my.tar")), File.ReadAllBytes(template.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{_layout.TemplateCacheDirectory}/.work"));
    }

    [Fact]
    public void An_archive_that_nothing_was_ever_made_from_is_removed()
    {
        var path = $"{_layout.TemplateCacheDirectory}/unused.tar";
        File.Copy(_temporary.Sub("my.tar"), path);

        _store.Cache.Remove(TemplateName.Parse("unused"), () => []);

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_template_goes_with_its_layer_though_the_record_of_its_digest_was_lost()
    {
        var template = _store.Cache.Import(_temporary.Sub("my.tar"));
        using (_store.EnsureUnpacked(template.Name))
            Assert.Single(_store.List());
        Directory.Delete(Path.Combine(_layout.LayersDirectory, "digests"), recursive: true);

        _store.Cache.Remove(template.Name, () => []);

        Assert.Empty(_store.List());
        Assert.False(File.Exists(template.Path));
    }

    [Fact]
    public void A_directory_is_imported_as_an_archive()
    {
        Directory.CreateDirectory(_temporary.Sub("tree/bin"));
        File.WriteAllText(_temporary.Sub("tree/bin/sh"), "shell");

        _store.Cache.Import(_temporary.Sub("tree"), TemplateName.Parse("made"));

        using var layer = _store.EnsureUnpacked(TemplateName.Parse("made"));
        Assert.Equal("shell", File.ReadAllText($"{layer.RootPath}/bin/sh"));
    }

    [Fact]
    public void A_name_that_is_taken_is_refused_unless_it_shall_be_replaced()
    {
        _store.Cache.Import(_temporary.Sub("my.tar"));

        Assert.Equal(ExitCode.BadValue, Assert.Throws<InsulaException>(() => _store.Cache.Import(_temporary.Sub("my.tar"))).Code);
        _store.Cache.Import(_temporary.Sub("my.tar"), replace: true);
    }

    [Fact]
    public void What_is_no_archive_is_not_imported()
    {
        File.WriteAllText(_temporary.Sub("text.tar"), new string('x', 4096));

        Assert.Equal(ExitCode.BadTemplate, Assert.Throws<InsulaException>(() => _store.Cache.Import(_temporary.Sub("text.tar"))).Code);
        Assert.Empty(_store.Cache.List([]));
    }

    [Fact]
    public void What_a_killed_import_left_is_removed_by_the_next()
    {
        var work = $"{_layout.TemplateCacheDirectory}/.work";
        Directory.CreateDirectory($"{work}/1-1/root");
        File.WriteAllText($"{work}/1-1.lock", "");

        _store.Cache.Import(_temporary.Sub("my.tar"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(work));
    }

    [Fact]
    public void Damage_of_an_archive_is_found()
    {
        var template = _store.Cache.Import(_temporary.Sub("my.tar"));
        Assert.True(_store.Cache.Verify(template.Name).IsGood);
        using (var file = File.OpenWrite(template.Path))
            file.SetLength(700);

        var result = _store.Cache.Verify(template.Name);

        Assert.False(result.IsGood);
        Assert.NotEqual(result.Recorded, result.Digest);
        Assert.NotNull(result.Damage);
    }

    [Theory]
    [InlineData("debian-13", true)]
    [InlineData("a+b_c.d", true)]
    [InlineData("", false)]
    [InlineData("-x", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("ä", false)]
    public void Names_are_letters_digits_and_a_few_signs(string text, bool valid)
        => Assert.Equal(valid, TemplateName.TryParse(text, out _));

    [Fact]
    public void Names_have_at_most_128_characters()
        => Assert.Equal((true, false), (TemplateName.TryParse(new string('a', 128), out _), TemplateName.TryParse(new string('a', 129), out _)));

    [Theory]
    [InlineData("debian-99")]
    [InlineData("../busybox")]
    [InlineData("")]
    public void Only_known_kinds_are_built(string kind)
        => Assert.Equal(ExitCode.BadValue, Assert.Throws<InsulaException>(() => TemplateKind.Parse(kind)).Code);
}

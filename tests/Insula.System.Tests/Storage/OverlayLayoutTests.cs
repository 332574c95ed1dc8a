using Insula.Engine.Storage;
using Insula.Linux.FileTrees;
using Insula.Linux.Launch;

namespace Insula.System.Tests.Storage;

/// <summary>A layer reaches overlayfs as a descriptor where the kernel takes one (Linux 6.15), else by a path; a container must not notice.</summary>
public sealed class OverlayLayoutTests : IDisposable
{
    private const uint FirstId = 900_000_000;

    private readonly string _base = Directory.CreateTempSubdirectory("insula-overlay-").FullName;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_layer_is_seen_with_the_containers_ids_and_what_is_written_goes_above_it(bool byDescriptor)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        var layer = Make("layer");
        File.WriteAllText(Path.Combine(layer, "file"), "of the layer");
        var paths = new StoragePaths(Make("private"), Make("root"), Path.Combine(_base, "run"), new IdMap(FirstId, FirstId, 65536), "insula:test");
        var upper = Make("private/upper");
        var work = Make("private/work");

        using (var lower = OverlayMount.OpenLayer(layer, paths.Ids))
        {
            if (!byDescriptor)
                OverlayMount.AttachByPath(paths, lower, upper, work);
            else
                Assert.SkipUnless(OverlayMount.TryAttachByDescriptor(paths, lower, upper, work), "this kernel takes a layer only by path");
        }

        Assert.Equal(0, FileStatus.TryGet(Path.Combine(paths.Root, "file"), out var status));
        Assert.Equal(FirstId, status.Uid);
        File.WriteAllText(Path.Combine(paths.Root, "file"), "written");
        Assert.Equal("of the layer", File.ReadAllText(Path.Combine(layer, "file")));
        Assert.Equal("written", File.ReadAllText(Path.Combine(upper, "file")));
        Assert.False(Directory.Exists(paths.RunDirectory));
    }

    public void Dispose()
    {
        RootMount.Unmount(Path.Combine(_base, "root"));
        Directory.Delete(_base, recursive: true);
    }

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(_base, name)).FullName;
}

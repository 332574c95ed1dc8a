using Insula.Engine.Templates;
using Insula.Engine.Templates.Compression;
using Insula.Engine.Templates.Tar;

namespace Insula.Engine.Tests.Templates;

public sealed class CompressionTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly string _tar;

    public CompressionTests()
    {
        _tar = _temporary.Sub("a.tar");
        var noise = new byte[300_000];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(_tar, new RawTar().Entry('0', "noise", data: noise).File("last").Finished());
    }

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("gzip", ArchiveCompression.Gzip)]
    [InlineData("xz", ArchiveCompression.Xz)]
    [InlineData("zstd", ArchiveCompression.Zstd)]
    [InlineData("bzip2", ArchiveCompression.Bzip2)]
    public void A_compressed_archive_is_known_by_its_content_and_read_to_its_end(string program, ArchiveCompression expected)
    {
        using var archive = ArchiveSource.Open(Compress(program));

        Assert.Equal(expected, archive.Compression);
        Assert.Equal(2, Count(archive));
        Assert.Equal(2, Count(archive));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    public void A_compressed_archive_that_is_cut_off_is_refused(string program)
    {
        var path = Compress(program);
        using (var file = File.OpenWrite(path))
            file.SetLength(file.Length / 2);
        using var archive = ArchiveSource.Open(path);

        Assert.Throws<ArchiveException>(() => Count(archive));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    public void A_compressed_archive_with_a_flipped_bit_is_refused(string program)
    {
        var path = Compress(program);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(path, bytes);
        using var archive = ArchiveSource.Open(path);

        Assert.Throws<ArchiveException>(() => Count(archive));
    }

    [Fact]
    public void Reading_may_stop_anywhere()
    {
        using var archive = ArchiveSource.Open(Compress("xz"));
        using var content = archive.OpenContent();

        Assert.NotNull(new TarReader(content).Next());
    }

    [Fact]
    public void A_named_pipe_is_refused_and_not_waited_for()
    {
        HostTool.Run("mkfifo", _temporary.Sub("pipe"));

        Assert.Equal(ExitCode.BadTemplate, Assert.Throws<InsulaException>(() => ArchiveSource.Open(_temporary.Sub("pipe"))).Code);
    }

    [Fact]
    public void The_digest_is_that_of_the_file()
    {
        using var archive = ArchiveSource.Open(_tar);

        Assert.StartsWith(archive.ComputeDigest().ToString(), HostTool.Run("sha256sum", _tar), StringComparison.Ordinal);
    }

    private string Compress(string program)
    {
        // A name that lies: the content decides.
        var path = _temporary.Sub("lie.tar");
        HostTool.Run("sh", "-c", $"{program} -c < '{_tar}' > '{path}'");
        return path;
    }

    private static int Count(ArchiveSource archive)
    {
        using var content = archive.OpenContent();
        var reader = new TarReader(content);
        var count = 0;
        while (reader.Next() is not null)
            count++;
        return count;
    }
}

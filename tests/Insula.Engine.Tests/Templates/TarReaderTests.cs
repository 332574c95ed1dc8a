using System.Text;
using CsCheck;
using Insula.Engine.Templates;
using Insula.Engine.Templates.Tar;

namespace Insula.Engine.Tests.Templates;

public class TarReaderTests
{
    [Fact]
    public void An_archive_without_the_mark_of_its_end_is_cut_off()
        => Assert.Contains("cut off", Damaged(new RawTar().File("a").Unfinished()), StringComparison.Ordinal);

    [Fact]
    public void An_archive_cut_at_any_byte_is_refused()
    {
        var archive = new RawTar().Pax(("path", "long/name")).File("a", new string('x', 700)).Finished();

        for (var length = 0; length < archive.Length - 512; length += 7)
            Damaged(archive[..length]);
    }

    [Fact]
    public void One_block_of_zeros_is_enough_of_an_end()
        => Assert.Single(ReadAll([.. new RawTar().File("a").Unfinished(), .. new byte[512]]));

    [Fact]
    public void Something_after_the_end_is_refused()
        => Assert.Contains("after the end", Damaged([.. new RawTar().File("a").Finished(), .. "garbage"u8]), StringComparison.Ordinal);

    [Fact]
    public void Endless_zeros_after_the_end_are_refused()
        => Assert.Contains("after the end", Damaged(new ZeroStream(new RawTar().File("a").Finished(), 1L << 40)), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_archive_is_said_to_be_none()
        => Assert.Equal("this is not a tar archive", Damaged(Encoding.ASCII.GetBytes(new string('x', 2048))));

    [Fact]
    public void A_flipped_bit_in_a_header_is_noticed()
    {
        var archive = new RawTar().File("a").File("b").Finished();
        archive[1024 + 3] ^= 1;

        Assert.Contains("checksum", Damaged(archive), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5 a=b\n")]
    [InlineData("99 a=b\n")]
    [InlineData("-6 a=b\n")]
    [InlineData("6 ab\n")]
    [InlineData("6a=b\n")]
    [InlineData("7 =ab\n ")]
    [InlineData("9 size=x\n")]
    [InlineData("10 size=-1\n")]
    [InlineData("99999999999999999999 a=b\n")]
    [InlineData("11 mtime=x\n")]
    [InlineData("20 GNU.sparse.map=1\n")]
    public void A_damaged_extended_header_is_refused(string records)
        => Damaged(new RawTar().Entry('x', "PaxHeader", data: RawTar.Bytes(records)).File("a").Finished());

    [Fact]
    public void An_extended_header_cannot_claim_the_memory_of_the_host()
        => Assert.Contains("at most", Damaged(new RawTar().Entry('x', "PaxHeader", size: "77777777777").Finished()), StringComparison.Ordinal);

    [Fact]
    public void An_extended_header_without_an_entry_is_refused()
        => Damaged(new RawTar().Pax(("path", "x")).Finished());

    [Fact]
    public void Binary_attribute_values_are_kept_byte_for_byte()
    {
        const string value = "\x01\x00\x00\x02\x80\x20\n\xff=\x00";
        var entry = Assert.Single(ReadAll(new RawTar().Pax(("SCHILY.xattr.security.capability", value), ("SCHILY.xattr.user.x", "y")).File("a").Finished()));

        Assert.Equal(RawTar.Bytes(value), entry.Attributes.Single(attribute => attribute.Name == "security.capability").Value);
        Assert.Equal(2, entry.Attributes.Count);
    }

    [Fact]
    public void An_attribute_larger_than_the_kernel_takes_is_refused()
        => Damaged(new RawTar().Pax(("SCHILY.xattr.user.x", new string('y', 70_000))).File("a").Finished());

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("1350244992.023960108", 1350244992, 23960108)]
    [InlineData("-1.25", -2, 750000000)]
    [InlineData("5.5", 5, 500000000)]
    public void Times_have_fractions(string text, long seconds, int nanoseconds)
    {
        var entry = Assert.Single(ReadAll(new RawTar().Pax(("mtime", text)).File("a").Finished()));

        Assert.Equal(new Linux.FileTrees.FileTime(seconds, nanoseconds), entry.Modified);
    }

    [Fact]
    public void Numbers_may_be_binary()
    {
        var entry = Assert.Single(ReadAll(new RawTar().Entry('0', "a", change: header =>
        {
            new byte[] { 0x80, 0, 0, 0, 0, 1, 0x86, 0xA0 }.CopyTo(header, 108);
            new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE }.CopyTo(header, 136);
        }).Finished()));

        Assert.Equal(100_000, entry.User);
        Assert.Equal(-2, entry.Modified.Seconds);
    }

    [Fact]
    public void A_negative_size_is_refused()
        => Damaged(new RawTar().Entry('0', "a", change: header => header.AsSpan(124, 12).Fill(0xFF)).Finished());

    [Theory]
    [InlineData('M')]
    [InlineData('Q')]
    [InlineData('N')]
    public void Kinds_that_are_not_known_are_refused(char type) => Damaged(new RawTar().Entry(type, "a").Finished());

    [Theory]
    [InlineData("10,5,0,5")]   // not in order
    [InlineData("0,5,3,5")]    // overlapping
    [InlineData("90,20")]      // beyond the end
    [InlineData("0,5")]        // less than is stored
    public void A_sparse_map_that_cannot_be_is_refused(string map)
        => Damaged(new RawTar().Pax(("GNU.sparse.size", "100"), ("GNU.sparse.map", map)).File("a", "0123456789").Finished());

    [Fact]
    public void Any_bytes_are_read_or_refused_and_nothing_else()
        => Gen.Byte.Array[0, 3000].Sample(bytes => ReadsOrRefuses(bytes));

    [Fact]
    public void Any_damage_to_an_archive_is_read_or_refused_and_nothing_else()
    {
        var archive = new RawTar().Pax(("path", "p"), ("GNU.sparse.size", "100"), ("GNU.sparse.map", "0,1")).File("a").Symlink("b", "c").File("d", new string('z', 900)).Finished();

        Gen.Select(Gen.Int[0, archive.Length - 1], Gen.Byte).Array[1, 20].Sample(changes =>
        {
            var damaged = (byte[])archive.Clone();
            foreach (var (at, value) in changes)
                damaged[at] = value;
            return ReadsOrRefuses(damaged);
        });
    }

    private static bool ReadsOrRefuses(byte[] bytes)
    {
        try
        {
            ReadAll(bytes);
        }
        catch (ArchiveException)
        {
            return true;
        }

        return true;
    }

    private static List<TarEntry> ReadAll(byte[] archive) => ReadAll(new MemoryStream(archive));

    private static List<TarEntry> ReadAll(Stream archive)
    {
        var reader = new TarReader(archive);
        var entries = new List<TarEntry>();
        while (reader.Next() is { } entry)
            entries.Add(entry);
        return entries;
    }

    private static string Damaged(byte[] archive) => Damaged(new MemoryStream(archive));

    private static string Damaged(Stream archive) => Assert.Throws<ArchiveException>(() => ReadAll(archive)).Message;

    private sealed class ZeroStream(byte[] start, long zeros) : MemoryStream(start)
    {
        private long _left = zeros;

        public override int Read(Span<byte> buffer)
        {
            var count = base.Read(buffer);
            if (count > 0 || _left == 0)
                return count;
            _left -= buffer.Length;
            buffer.Clear();
            return buffer.Length;
        }
    }
}

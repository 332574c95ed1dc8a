using Insula.Engine.Network.Traffic;

namespace Insula.Engine.Tests.Network.Traffic;

public sealed class KeptTrafficTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("insula-traffic-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string File => Path.Combine(_directory, "traffic", "101");

    private static TrafficTable Table(ulong bytes)
    {
        var table = new TrafficTable();
        table[2, TrafficFamily.IPv6, TrafficDirection.Out] = new TrafficCount(bytes, bytes / 10);
        table[15, TrafficFamily.IPv4, TrafficDirection.In] = new TrafficCount(1, 1);
        return table;
    }

    private static ulong BytesOf(TrafficTable table) => table[2, TrafficFamily.IPv6, TrafficDirection.Out].Bytes;

    [Fact]
    public void Saving_again_and_again_counts_nothing_twice()
    {
        var kept = KeptTraffic.None;
        foreach (var live in (ulong[])[100, 150, 150, 400])
            kept = kept.With(epoch: 7, Table(live));
        Assert.Equal(400UL, BytesOf(kept.Last));
        Assert.Equal(450UL, BytesOf(kept.Total(7, Table(450))));
        // Another run, which began with nothing.
        Assert.Equal(400UL, BytesOf(kept.Total(null, Table(0))));
        Assert.Equal(420UL, BytesOf(kept.Total(8, Table(20))));
        kept = kept.With(epoch: 8, Table(30));
        kept = kept.With(epoch: 8, Table(50));
        Assert.Equal(450UL, BytesOf(kept.Last));
    }

    [Fact]
    public void A_file_tells_all_of_it()
    {
        Assert.True(KeptTraffic.Load(File).Last.SameAs(new TrafficTable()));
        var kept = KeptTraffic.None.With(ulong.MaxValue, Table(1000)).With(5, Table(70));
        kept.Save(File, durable: false);
        var read = KeptTraffic.Load(File);
        Assert.Equal(5UL, read.Epoch);
        Assert.True(read.Base.SameAs(kept.Base));
        Assert.True(read.Last.SameAs(kept.Last));
        Assert.Equal(1070UL, BytesOf(read.Last));
    }

    [Theory]
    [InlineData("epoch x")]
    [InlineData("last 1 4 1 1 1")]
    [InlineData("last 16 4 1 1 1 1")]
    [InlineData("last 1 5 1 1 1 1")]
    [InlineData("nonsense")]
    public void A_damaged_file_is_told_of(string line)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        global::System.IO.File.WriteAllText(File, $"epoch 5\n{line}\n");
        Assert.Contains("damaged", Assert.Throws<InsulaException>(() => KeptTraffic.Load(File)).Message);
    }
}

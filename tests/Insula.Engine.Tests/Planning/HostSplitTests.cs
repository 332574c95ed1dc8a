using CsCheck;
using Insula.Engine.Parameters;
using Insula.Engine.Planning;
using Insula.Engine.Planning.Splitting;
using Insula.Engine.Planning.Validation;
using static Insula.Engine.Parameters.Catalog.BeancounterParameters;
using static Insula.Engine.Parameters.Catalog.DiskParameters;

namespace Insula.Engine.Tests.Planning;

public sealed class HostSplitTests
{
    private const long MiB = 1L << 20;

    [Fact]
    public void A_host_of_a_gigabyte_divided_by_twenty()
    {
        var host = new HostResources(1024 * MiB, 1024 * MiB, 896 * MiB, 16383, 0);
        var split = HostSplit.Make(host, 20, 50L << 20);
        // low = 0.4 * 896 MiB / 20 = 18790481; kernel 9395240; 114 processes on average; 8000 / 20 = 400 at most; buffers 3131747.
        Assert.Equal(0, split.Level.Number);
        var expected = new Dictionary<ParameterDeclaration<BarrierLimit>, string>
        {
            [NumProc] = "400",
            [AvNumProc] = "114",
            [NumTcpSock] = "400",
            [NumOtherSock] = "400",
            [NumPty] = "40",
            [NumSigInfo] = "1024",
            [NumIptEnt] = "100",
            [KMemSize] = "9395240:10334764",
            [NumFile] = "3648",
            [DCacheSize] = "2040046:2101248",
            [NumFlock] = "364:400",
            [LockedPages] = "458",
            [TcpSndBuf] = "1493347:3131747",
            [TcpRcvBuf] = "1493347:3131747",
            [OtherSockBuf] = "1493347:3131747",
            [DgramRcvBuf] = "262144",
            [VmGuarPages] = "20986:unlimited",
            [OomGuarPages] = "20986:unlimited",
            [PrivVmPages] = "125916:138507",
            [ShmPages] = "12591",
            [PhysPages] = "0:unlimited",
            [DiskSpace] = "953250:1048576",
            [DiskInodes] = "59578:65536",
        };
        foreach (var (parameter, bounds) in split.Bounds)
            Assert.Equal((parameter.Key, expected[parameter]), (parameter.Key, bounds.ToString()));
        Assert.Equal(expected.Count, split.Bounds.Count);
    }

    [Fact]
    public void The_more_containers_the_tighter_the_level_until_there_is_not_enough()
    {
        var host = new HostResources(1024 * MiB, 1024 * MiB, 300 * MiB, 4000, 0);
        var levels = new List<int>();
        var containers = 1;
        for (; containers < 1000; containers++)
        {
            try
            {
                levels.Add(HostSplit.Make(host, containers, null).Level.Number);
            }
            catch (InsulaException error)
            {
                Assert.Equal(ExitCode.NotEnoughResources, error.Code);
                Assert.Matches($"not enough resources for {containers} containers: .+ are needed", error.Message);
                break;
            }
        }
        Assert.InRange(containers, 20, 999);
        // Whole processes and pages let one number more now and then fit a better level; on the whole it gets tighter.
        Assert.Equal([0, 1, 2, 3], levels.Distinct());
        Assert.Equal(3, levels[^1]);
    }

    [Fact]
    public void A_host_with_hardly_any_memory_is_refused()
        => Expect.Error(ExitCode.NotEnoughResources, () => HostSplit.Make(new HostResources(32 * MiB, 0, 32 * MiB, 500, 0), 1, null));

    [Fact]
    public void Without_a_disk_or_with_a_small_one_no_disk_space_is_promised()
    {
        Assert.DoesNotContain(DiskSpace, HostSplit.Make(Accounts.Host, 2, null).Bounds.Keys);
        Assert.DoesNotContain(DiskSpace, HostSplit.Make(Accounts.Host, 2, 10L << 20).Bounds.Keys);
        Assert.Contains("No disk space", SplitSample.Of(HostSplit.Make(Accounts.Host, 2, 9L << 20), vswap: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_sample_by_beancounters_is_valid()
        => Gen.Select(Gen.Long[64, 1 << 20], Gen.Long[0, 1 << 20], Gen.Int[1, 500], Gen.Long[1000, 200_000], Gen.Long[1, 1L << 34]).Sample((memory, swap, containers, threads, disk) =>
        {
            var host = new HostResources(memory * MiB, swap * MiB, memory * MiB, threads, 0);
            if (TrySplit(host, containers, disk) is not { } split)
                return;
            var result = new ConfigValidation(Accounts.Config(SplitSample.Of(split, vswap: false)), host).Run(_ => false);
            Assert.True(result.IsValid, string.Join('\n', result.Findings));
        });

    [Fact]
    public void A_vswap_sample_has_memory_and_twice_that_of_swap_and_keeps_what_follows_from_them()
    {
        var split = HostSplit.Make(Accounts.Host, 4, 100L << 20);
        var config = Accounts.Config(SplitSample.Of(split, vswap: true));
        Assert.Empty(config.File.Warnings);
        Assert.Empty(config.BadValues());
        Assert.Equal(("0:1258291", "0:2516582"), (config.File.Get("PHYSPAGES"), config.File.Get("SWAPPAGES"))); // 0.6 of 8 GiB
        Assert.Equal("unlimited", config.File.Get("KMEMSIZE"));
        Assert.Null(config.File.Get("VMGUARPAGES"));
        Assert.Empty(RequiredParameters.Missing(config));
    }

    private static HostSplit? TrySplit(HostResources host, int containers, long disk)
    {
        try
        {
            return HostSplit.Make(host, containers, disk);
        }
        catch (InsulaException error) when (error.Code == ExitCode.NotEnoughResources)
        {
            return null;
        }
    }
}

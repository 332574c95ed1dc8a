using Insula.Engine.Containers;

namespace Insula.Engine.Tests.Containers;

public sealed class IdRangeAllocatorTests : IDisposable
{
    private const uint First = IdRangeAllocator.First;
    private const uint Size = IdRange.Size;

    private readonly TestHost _host = new();
    private readonly IdRangeAllocator _allocator;

    public IdRangeAllocatorTests() => _allocator = new IdRangeAllocator(_host.Store, _host.Etc);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_first_range_is_the_first_that_systemd_leaves_to_containers()
    {
        Assert.Equal(new IdRange(524288, 524288), Allocate(101));
        Assert.Equal("524288", _host.Store.Load(new Ctid(101)).File.Get("LOCAL_UID"));
        Assert.Equal("524288", _host.Store.Load(new Ctid(101)).File.Get("LOCAL_GID"));
    }

    [Fact]
    public void A_range_is_not_given_out_again_soon_after_its_container_is_gone()
    {
        var first = Allocate(101);
        _host.Store.Destroy(new Ctid(101));
        Assert.NotEqual(first, Allocate(102));
    }

    [Fact]
    public void After_the_last_range_the_search_begins_anew()
    {
        Allocate(101);
        File.WriteAllText(_host["lock/next-id-range"], "28663\n");
        Assert.Equal(IdRangeAllocator.Last, Allocate(102).FirstUid);
        Assert.Equal(First + Size, Allocate(103).FirstUid);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("99999999999999")]
    [InlineData("-5")]
    [InlineData("28664")]
    [InlineData("")]
    public void A_counter_full_of_rubbish_does_no_harm(string counter)
    {
        Directory.CreateDirectory(_host["lock"]);
        File.WriteAllText(_host["lock/next-id-range"], counter);
        Assert.Equal(First, Allocate(101).FirstUid);
    }

    [Fact]
    public void Ids_of_users_groups_and_of_others_ranges_are_left_alone()
    {
        _host.WriteEtc("passwd", $"root:x:0:0:root:/root:/bin/sh\nbig:x:{First + 5}:0::/:/bin/sh\nbroken\n");
        _host.WriteEtc("group", $"root:x:0:\nbig:x:{First + Size}:\n");
        _host.WriteEtc("subuid", $"alice:{First + 2 * Size + 65535}:2\nbob:nonsense:65536\nempty:{First + 5 * Size}:0\n");
        _host.WriteEtc("subgid", $"alice:{First + 4 * Size}:{Size}");
        Assert.Equal(First + 5 * Size, Allocate(101).FirstUid);
    }

    [Fact]
    public void Ids_of_configured_containers_are_left_alone_aligned_or_not_and_also_if_only_one_key_is_there()
    {
        _host.Configure(101, $"LOCAL_UID={First + 10}\nLOCAL_GID={First + 3 * Size}\n");
        _host.Configure(102, $"LOCAL_GID={First + 4 * Size}\n");
        _host.Configure(103, "LOCAL_UID=rubbish\n");
        Assert.Equal(First + 2 * Size, Allocate(104).FirstUid);
        Assert.Equal(First + 5 * Size, Allocate(105).FirstUid);
    }

    [Fact]
    public void A_host_without_free_ids_is_code_6()
    {
        _host.WriteEtc("subuid", "all:0:4294967295\n");
        Expect.Error(ExitCode.NotEnoughResources, () => Allocate(101));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1000u)]
    [InlineData(65535u)]
    [InlineData(4294836225u)]
    [InlineData(4294967295u)]
    public void A_range_of_the_hosts_own_ids_or_beyond_the_last_is_refused(uint first)
    {
        Expect.Error(ExitCode.InvalidConfig, () => _allocator.Validate(new Ctid(101), new IdRange(first, First)));
        Expect.Error(ExitCode.InvalidConfig, () => _allocator.Validate(new Ctid(101), new IdRange(First, first)));
    }

    [Theory]
    [InlineData(65536u)]
    [InlineData(100000u)]
    [InlineData(4294836224u)]
    public void A_range_that_a_person_chose_need_not_be_aligned(uint first)
        => _allocator.Validate(new Ctid(101), new IdRange(first, first));

    [Fact]
    public void A_range_that_touches_another_containers_is_refused_and_both_are_named()
    {
        _host.Configure(102, "LOCAL_UID=1000000\nLOCAL_GID=2000000\n");
        var error = Expect.Error(ExitCode.InvalidConfig, () => _allocator.Validate(new Ctid(101), new IdRange(1065535, 3000000)));
        Assert.Contains("CT 101", error.Message, StringComparison.Ordinal);
        Assert.Contains("CT 102", error.Message, StringComparison.Ordinal);
        Expect.Error(ExitCode.InvalidConfig, () => _allocator.Validate(new Ctid(101), new IdRange(3000000, 1934465)));
        _allocator.Validate(new Ctid(101), new IdRange(1065536, 1934464));
        _allocator.Validate(new Ctid(102), new IdRange(1000000, 2000000));
    }

    [Fact]
    public async Task No_two_of_many_containers_created_and_destroyed_at_once_share_an_id()
    {
        // Each task keeps a window of containers alive, so creates and deletes of all tasks interleave.
        const int Tasks = 2;
        const int PerTask = 2500;
        const int Alive = 5;
        var owners = new Dictionary<uint, int>();
        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => Task.Run(() =>
        {
            var mine = new Queue<(int Number, IdRange Range)>();
            for (var i = 0; i < PerTask; i++)
            {
                var number = 1 + task * PerTask + i;
                var range = Allocate(number);
                lock (owners)
                    Assert.True(owners.TryAdd(range.FirstUid / Size, number), $"CT {number} and CT {owners.GetValueOrDefault(range.FirstUid / Size)} share {range}");
                mine.Enqueue((number, range));
                if (mine.Count <= Alive)
                    continue;
                var (oldest, freed) = mine.Dequeue();
                // Freed in the books first: from the moment its configuration is gone another may get it.
                lock (owners)
                    owners.Remove(freed.FirstUid / Size);
                _host.Store.Destroy(new Ctid(oldest));
            }
        })));
        Assert.Equal(Tasks * Alive, owners.Count);
        Assert.Equal(Tasks * Alive, _host.Store.List().Count);
    }

    private IdRange Allocate(int number)
    {
        using var held = AllocationLock.Take(_host.Store.Layout, "creating");
        return _allocator.AllocateFor(_host.Store.CreateEmpty(new Ctid(number)), held);
    }
}

using System.Text.Json;

namespace Insula.System.Tests.Commands;

/// <summary>Containers of one template share its pages, and beancounters count them in part.</summary>
public sealed class SharedMemoryTests : IDisposable
{
    private readonly CommandHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Shares_of_two_containers_of_one_template_sum_to_the_pages_present()
    {
        Assert.SkipUnless(File.Exists("/proc/kpagecount"), "needs /proc/kpagecount (CONFIG_PROC_PAGE_MONITOR)");
        var one = _host.Container(started: true);
        var two = _host.Container(started: true);
        using var json = JsonDocument.Parse(_host.Insula("vzubc", "--shared", "--json").Succeeds().Output);
        var containers = json.RootElement.GetProperty("containers").EnumerateArray().ToDictionary(row => row.GetProperty("ctid").GetInt32());
        Assert.Equal([one, two], containers.Keys);
        long Of(int ctid, string name) => containers[ctid].GetProperty(name).GetInt64();
        long Sum(string name) => Of(one, name) + Of(two, name);
        long Whole(string name) => json.RootElement.GetProperty(name).GetInt64();
        // Two shares of a page that is divided in three are rounded down to bytes, each once for a container and once for the host.
        Assert.InRange(Sum("share") + Whole("hostShare"), Whole("present") - 3, Whole("present"));
        Assert.Equal(Sum("own"), Whole("unshared"));
        Assert.Equal(Whole("unshared") - Whole("present"), Whole("saved"));
        // The text of busybox, of which both run the same pages, is far more than what each has of its own.
        Assert.True(Whole("saved") > 100_000, $"only {Whole("saved")} bytes are shared");
        foreach (var ctid in new[] { one, two })
        {
            Assert.True(Of(ctid, "processes") > 0);
            Assert.InRange(Of(ctid, "share"), 1, Of(ctid, "own") - 1);
            Assert.InRange(Of(ctid, "own"), 1, Of(ctid, "rss") + 65536);
            Assert.True(Of(ctid, "pss") < Of(ctid, "rss"));
        }
    }
}

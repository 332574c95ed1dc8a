using System.Globalization;
using Insula.Bench.Contenders;

namespace Insula.Bench.Measurements;

/// <summary>Creating a container from a layer that is present: the time beside that of vzctl status, and the room it takes.</summary>
internal static class Creation
{
    private const int FirstCtid = 900_200;

    public static void Measure(InsulaContender insula, Workspace workspace, Options options, Report report, CancellationToken stop)
    {
        insula.Prepare();
        Samples create = new(), status = new();
        double largest = 0;
        options.EachRound(round =>
        {
            var ctid = (FirstCtid + options.WarmUp + round).ToString(CultureInfo.InvariantCulture);
            var before = DiskUsage.Of(workspace);
            try
            {
                create.Measure(insula.Create(ctid), round);
                status.Measure(insula.Status, round);
                insula.Expect(ctid, "exist");
                largest = Math.Max(largest, DiskUsage.Of(workspace) - before);
            }
            finally
            {
                insula.Destroy(ctid).TryRun();
            }
        }, stop);
        report.Ratio("create from a present layer", create, "vzctl status", status, 2);
        report.Value("disk taken by a new container", largest / 1e6, "MB", 1);
    }
}

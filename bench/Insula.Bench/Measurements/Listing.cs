using System.Globalization;

namespace Insula.Bench.Measurements;

/// <summary>vzlist -a over many configured containers beside few.</summary>
internal static class Listing
{
    private const int Few = 10, Many = 1000;

    public static void Measure(Workspace workspace, Options options, Report report, CancellationToken stop)
    {
        var few = Configured(workspace, Few);
        var many = Configured(workspace, Many);
        Samples ofFew = new(), ofMany = new();
        options.EachRound(round =>
        {
            ofFew.Measure(few, round);
            ofMany.Measure(many, round);
        }, stop);
        report.Ratio($"vzlist -a of {Many} containers", ofMany, $"of {Few}", ofFew, 5);
    }

    private static Command Configured(Workspace workspace, int count)
    {
        var directory = workspace.MakeConfiguration("list-" + count.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < count; i++)
            File.WriteAllText(Path.Combine(directory, "conf", $"{1000 + i}.conf"), Configuration(i));
        var command = workspace.InsulaWith(directory, "vzlist", "-a");
        command.Run();
        var lines = command.Output.Split('\n').Length - 1;
        return lines == count ? command : throw new BenchException($"vzlist -a shows {lines} of {count} containers");
    }

    private static string Configuration(int index) => $"""
        ONBOOT="no"
        CPUUNITS="1000"
        PHYSPAGES="0:131072"
        SWAPPAGES="0:65536"
        OSTEMPLATE="debian-13"
        VE_LAYOUT="overlay"
        HOSTNAME="ct{index}.example.com"
        IP_ADDRESS="10.{index / 250}.{index % 250}.1"

        """;
}

using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;

namespace Insula.Engine.ProcFs;

/// <summary>
/// RUNDIR/insulad.load: the load averages, for the process that comes after this one. A line each: <c>101 123456 0.25 0.11 0.04</c>, with the
/// moment of the container's start in hundredths of a second since boot, so that those of an earlier start are not taken for this one's.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class LoadFile(string path)
{
    /// <summary>What was kept; nothing if there is no file.</summary>
    public Dictionary<(Ctid Ctid, long Start), LoadAverage> Read()
    {
        var kept = new Dictionary<(Ctid, long), LoadAverage>();
        if (!File.Exists(path))
            return kept;
        foreach (var line in File.ReadAllLines(path))
        {
            if (line.Split(' ') is [var number, var start, var one, var five, var fifteen]
                && Ctid.TryParse(number, out var ctid) && long.TryParse(start, CultureInfo.InvariantCulture, out var at)
                && Number(one) is { } first && Number(five) is { } second && Number(fifteen) is { } third)
                kept[(ctid, at)] = new LoadAverage(first, second, third);
        }
        return kept;
    }

    /// <summary>Keeps them.</summary>
    public void Write(IEnumerable<ContainerView> views)
    {
        var text = new StringBuilder();
        foreach (var view in views)
        {
            var (one, five, fifteen) = view.LoadAverage.Values;
            text.Append(CultureInfo.InvariantCulture, $"{view.Ctid} {view.Start} {one:R} {five:R} {fifteen:R}\n");
        }
        AtomicFile.Replace(path, Encoding.ASCII.GetBytes(text.ToString()), durable: false);
    }

    private static double? Number(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value >= 0 ? value : null;
}

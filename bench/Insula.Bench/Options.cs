using System.Globalization;

namespace Insula.Bench;

/// <summary>What the command line asks for.</summary>
/// <param name="Rounds">How often each command is measured.</param>
/// <param name="WarmUp">How many rounds before those are thrown away.</param>
/// <param name="Only">The measurements wanted, or none for all: start, create, list, beancounters, proc, net, footprint.</param>
/// <param name="Binary">The native binary.</param>
internal sealed record Options(int Rounds, int WarmUp, IReadOnlyList<string> Only, string Binary)
{
    private const string Help = """
        Usage: ./build.sh bench [--rounds N] [--warm-up N] [--only start,create,list,beancounters,proc,net,footprint]

        Runs each command of Insula and of its peers N times (30), after some rounds that do not count (3), and prints medians,
        minima and ratios as a Markdown table. INSULA_BINARY names the native binary.
        """;

    /// <summary>Null after having said why or having helped.</summary>
    public static Options? Parse(string[] arguments)
    {
        var options = new Options(30, 3, [], Environment.GetEnvironmentVariable("INSULA_BINARY") ?? "/usr/local/bin/insula");
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    break;
                case "--warm-up" when int.TryParse(value, CultureInfo.InvariantCulture, out var rounds) && rounds >= 0:
                    options = options with { WarmUp = rounds };
                    break;
                case "--only" when value.Length > 0:
                    options = options with { Only = value.Split(',') };
                    break;
                default:
                    (arguments[i] == "--help" ? Console.Out : Console.Error).WriteLine(Help);
                    return null;
            }

            i++;
        }

        return options;
    }

    public bool Wants(string measurement) => Only.Count == 0 || Only.Contains(measurement);

    /// <summary>Runs one round after another; the number is negative in those that do not count.</summary>
    public void EachRound(Action<int> round, CancellationToken stop)
    {
        for (var i = -WarmUp; i < Rounds; i++)
        {
            stop.ThrowIfCancellationRequested();
            round(i);
        }
    }
}

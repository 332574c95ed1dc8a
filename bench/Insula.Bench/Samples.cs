namespace Insula.Bench;

/// <summary>The times of one command.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    public bool IsEmpty => _milliseconds.Count == 0;

    public double Minimum => _milliseconds.Min();

    public double Median
    {
        get
        {
            var sorted = _milliseconds.Order().ToList();
            return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        }
    }

    /// <summary>Measures a command; a round that does not count is run all the same.</summary>
    public void Measure(Command command, int round)
    {
        var elapsed = command.Run();
        if (round >= 0)
            _milliseconds.Add(elapsed.TotalMilliseconds);
    }

    public override string ToString() => IsEmpty ? "-" : $"{Median:0.0} ({Minimum:0.0}) ms";
}

using Insula.Linux.Syscalls;

namespace Insula.Bench;

/// <summary>What is printed at the end: facts about the machine, the table, notes.</summary>
internal sealed class Report
{
    private readonly List<string> _facts = [];
    private readonly List<string> _rows = [];
    private readonly List<string> _notes = [];

    /// <summary>False when something that was asked for could not be measured.</summary>
    public bool AllMeasured { get; private set; } = true;

    public void Fact(string text) => _facts.Add(text);

    public void Note(string text) => _notes.Add(text);

    /// <summary>Median beside median.</summary>
    public void Ratio(string what, Samples ours, string peer, Samples theirs, double? atMost)
    {
        if (ours.IsEmpty || theirs.IsEmpty)
        {
            Row(what, ours.ToString(), $"{peer}: {theirs}", "-", Target(atMost, "x"), "not measured");
            return;
        }

        var ratio = ours.Median / theirs.Median;
        Row(what, ours.ToString(), $"{peer}: {theirs}", $"{ratio:0.00} x", Target(atMost, "x"), Verdict(ratio, atMost));
    }

    public void Value(string what, double value, string unit, double atMost)
        => Row(what, $"{value:0.0#} {unit}", "", "", Target(atMost, unit), Verdict(value, atMost));

    /// <summary>A figure beside the peer's, where more (atLeast) or less (atMost) is better.</summary>
    public void Compare(string what, double? ours, string peer, double? theirs, double? atLeast, double? atMost)
    {
        var ratio = ours / theirs;
        var verdict = ratio is null ? "not measured" : (atLeast ?? atMost) is null ? "" : (atLeast is null || ratio >= atLeast) && (atMost is null || ratio <= atMost) ? "met" : "**missed**";
        var target = atLeast is { } least ? $"at least {least:0.##} x" : Target(atMost, "x");
        Row(what, $"{ours:0.0}", $"{peer}: {theirs:0.0}", ratio is null ? "-" : $"{ratio:0.00} x", target, verdict);
    }

    /// <summary>Runs a measurement; if it cannot be made, the report says so and the others go on.</summary>
    public void Attempt(string name, Action measure)
    {
        try
        {
            measure();
        }
        catch (Exception error) when (error is BenchException or IOException or UnauthorizedAccessException or LinuxException)
        {
            AllMeasured = false;
            Console.Error.WriteLine($"{name}: {error.Message}");
            Note($"Not measured: {name}: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    public void Print(TextWriter output)
    {
        foreach (var fact in _facts)
            output.WriteLine($"- {fact}");
        output.WriteLine();
        output.WriteLine("| what | Insula, median (minimum) | peer, median (minimum) | ratio | at most | |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (var row in _rows)
            output.WriteLine(row);
        output.WriteLine();
        foreach (var note in _notes)
            output.WriteLine($"- {note}");
    }

    private static string Target(double? atMost, string unit) => atMost is { } target ? $"{target:0.##} {unit}" : "";

    private static string Verdict(double value, double? atMost) => atMost is not { } target ? "" : value <= target ? "met" : "**missed**";

    private void Row(params string[] cells) => _rows.Add("| " + string.Join(" | ", cells) + " |");
}

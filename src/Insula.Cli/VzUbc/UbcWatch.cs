using System.Text;

namespace Insula.Cli.VzUbc;

/// <summary>Shows the same thing again and again, as watch(1) does, until the process is interrupted.</summary>
/// <param name="output">The terminal.</param>
/// <param name="interval">How long to wait in between.</param>
/// <param name="title">What is shown above; null for nothing.</param>
/// <param name="differences">True to highlight what has changed.</param>
internal sealed class UbcWatch(TextWriter output, TimeSpan interval, string? title, bool differences)
{
    private const string ToTop = "\x1b[H\x1b[J", Reverse = "\x1b[7m", Plain = "\x1b[0m";

    private string[] _before = [];

    /// <summary>Shows <paramref name="draw"/>'s text <paramref name="times"/> times; for ever, if that is not given.</summary>
    public void Run(Func<string> draw, int times = int.MaxValue)
    {
        for (var i = 0; i < times; i++)
        {
            if (i > 0)
                Thread.Sleep(interval);
            Show(draw());
        }
    }

    private void Show(string text)
    {
        output.Write(ToTop);
        if (title is not null)
            output.Write($"{title}\n\n");
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            output.Write(differences && i < _before.Length ? Marked(lines[i], _before[i]) : lines[i]);
            output.Write('\n');
        }
        output.Flush();
        _before = lines;
    }

    private static string Marked(string now, string before)
    {
        var line = new StringBuilder();
        for (var i = 0; i < now.Length; i++)
        {
            if (i < before.Length && now[i] == before[i])
                line.Append(now[i]);
            else
                line.Append(Reverse).Append(now[i]).Append(Plain);
        }
        return line.ToString();
    }
}

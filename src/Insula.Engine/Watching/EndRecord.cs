using System.Globalization;

namespace Insula.Engine.Watching;

/// <summary>What is remembered of a container's last end: a line <c>kind signal code ended quick due</c>, times in milliseconds since 1970.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Ended">When that was noticed.</param>
/// <param name="QuickEnds">How many times in a row it has ended soon after its start.</param>
/// <param name="Due">When it is to be started again; null: it is not, or has been.</param>
public sealed record EndRecord(ContainerEnd End, DateTimeOffset Ended, int QuickEnds, DateTimeOffset? Due)
{
    /// <summary>The line.</summary>
    public string ToLine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(int)End.Kind} {End.Signal} {End.Code} {Ended.ToUnixTimeMilliseconds()} {QuickEnds} {Due?.ToUnixTimeMilliseconds() ?? 0}\n");

    /// <summary>Understands the line; null if it is none.</summary>
    public static EndRecord? Parse(string line)
    {
        const long latest = 253_402_300_799_999; // the end of the year 9999
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var numbers = new long[6];
        if (words.Length != numbers.Length)
            return null;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] > latest)
                return null;
        }
        if (numbers[0] > (int)EndKind.Crash || numbers[1] > 127 || numbers[2] > 255 || numbers[4] > int.MaxValue)
            return null;
        var end = new ContainerEnd((EndKind)numbers[0], (int)numbers[1], (int)numbers[2]);
        return new(end, Time(numbers[3]), (int)numbers[4], numbers[5] == 0 ? null : Time(numbers[5]));
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}

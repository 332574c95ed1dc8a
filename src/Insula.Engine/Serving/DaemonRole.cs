using System.Globalization;

namespace Insula.Engine.Serving;

/// <summary>
/// What an insulad process is, as its arguments say: <c>--worker 9 connection=3 requests=4 lock=5 listener=6</c>. The daemon is two processes, which
/// watch each other: the keeper holds the descriptors and restarts the worker; the worker answers, and becomes the keeper when that has died.
/// </summary>
/// <param name="Kind">Which of the two, and how it came to be.</param>
/// <param name="Descriptors">The inherited descriptors by name.</param>
/// <param name="Keeper">The worker's end of the pipe that tells it of the keeper's death.</param>
public sealed record DaemonRole(DaemonKind Kind, IReadOnlyDictionary<string, int> Descriptors, int Keeper = -1)
{
    /// <summary>Understands the arguments of an insulad that another one has started. Null: they are none of these.</summary>
    public static DaemonRole? Parse(string[] arguments)
    {
        switch (arguments)
        {
            case ["--worker", var number, .. var words] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var keeper):
                return Make(DaemonKind.Worker, words, keeper);
            case ["--heir", .. var words]:
                return Make(DaemonKind.Heir, words, -1);
            case ["--leaver", .. var words]:
                return Make(DaemonKind.Leaver, words, -1);
            default:
                return null;
        }
    }

    /// <summary>The arguments that say this, the program's name first.</summary>
    public IReadOnlyList<string> Arguments()
    {
        var words = Descriptors.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key}={entry.Value}"));
        return Kind switch
        {
            DaemonKind.Worker => ["insulad", "--worker", Keeper.ToString(CultureInfo.InvariantCulture), .. words],
            DaemonKind.Leaver => ["insulad", "--leaver", .. words],
            _ => ["insulad", "--heir", .. words],
        };
    }

    /// <summary>The role of a process that is handed what this one has.</summary>
    internal static DaemonRole Of(DaemonKind kind, NamedDescriptors descriptors, int keeper = -1)
        => new(kind, descriptors.All.ToDictionary(entry => entry.Key, entry => entry.Value.Number, StringComparer.Ordinal), keeper);

    private static DaemonRole? Make(DaemonKind kind, string[] words, int keeper)
        => NamedDescriptors.Parse(words) is { } numbers && ServedConnection.AreComplete(numbers) ? new DaemonRole(kind, numbers, keeper) : null;
}

/// <summary>Kinds of insulad process.</summary>
public enum DaemonKind
{
    /// <summary>Answers requests.</summary>
    Worker,

    /// <summary>A worker that has become the keeper, because that had died.</summary>
    Heir,

    /// <summary>A worker that has become the keeper, because that was asked to end; it ends with the last container.</summary>
    Leaver,
}

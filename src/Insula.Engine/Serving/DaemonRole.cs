using System.Globalization;

namespace Insula.Engine.Serving;

/// <summary>
/// What an insulad process is, as its arguments say. The daemon is two processes, which watch each other: the keeper holds the descriptors
/// and restarts the worker; the worker answers, and becomes the keeper when that has died.
/// </summary>
/// <param name="Kind">Which of the two, and how it came to be.</param>
/// <param name="Connection">The inherited /dev/fuse.</param>
/// <param name="Requests">The inherited memory file.</param>
/// <param name="Lock">The inherited lock file.</param>
/// <param name="Listener">The inherited API socket.</param>
/// <param name="Keeper">The worker's end of the pipe that tells it of the keeper's death.</param>
public readonly record struct DaemonRole(DaemonKind Kind, int Connection, int Requests, int Lock, int Listener, int Keeper)
{
    /// <summary>Understands the arguments of an insulad that another one has started. Null: they are none of these.</summary>
    public static DaemonRole? Parse(string[] arguments) => arguments switch
    {
        ["--worker", .. var rest] when Numbers(rest) is [var connection, var requests, var held, var listener, var keeper]
            => new DaemonRole(DaemonKind.Worker, connection, requests, held, listener, keeper),
        ["--heir", .. var rest] when Numbers(rest) is [var connection, var requests, var held, var listener]
            => new DaemonRole(DaemonKind.Heir, connection, requests, held, listener, -1),
        ["--leaver", .. var rest] when Numbers(rest) is [var connection, var requests, var held, var listener]
            => new DaemonRole(DaemonKind.Leaver, connection, requests, held, listener, -1),
        _ => null,
    };

    /// <summary>The arguments that say this, the program's name first.</summary>
    public IReadOnlyList<string> Arguments()
    {
        string[] common = [Number(Connection), Number(Requests), Number(Lock), Number(Listener)];
        return Kind switch
        {
            DaemonKind.Worker => ["insulad", "--worker", .. common, Number(Keeper)],
            DaemonKind.Leaver => ["insulad", "--leaver", .. common],
            _ => ["insulad", "--heir", .. common],
        };
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int[]? Numbers(string[] words)
    {
        var numbers = new int[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (!int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }
        return numbers;
    }
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

using System.Globalization;
using Insula.Engine.Configuration;
using Insula.Linux.Processes;

namespace Insula.Engine.Serving;

/// <summary>RUNDIR/insulad: <c>pid start-time connection=3 requests=4 lock=5 listener=6</c>, which process is the keeper and what it holds.</summary>
internal static class DaemonState
{
    /// <summary>Says that this process is the keeper.</summary>
    public static void Save(DaemonFiles files, ServedConnection served)
    {
        var own = Environment.ProcessId;
        var text = $"{own} {ProcessStatus.TryReadStartTime(own)} {string.Join(' ', served.Descriptors.Words)}\n";
        AtomicFile.Replace(files.StateFile, System.Text.Encoding.ASCII.GetBytes(text), durable: false);
    }

    /// <summary>The running keeper and the numbers of its descriptors; null if none runs.</summary>
    public static (PidFd Keeper, IReadOnlyDictionary<string, int> Descriptors)? Find(DaemonFiles files)
    {
        if (!File.Exists(files.StateFile) || Parse(File.ReadAllText(files.StateFile)) is not var (pid, started, descriptors))
            return null;
        var keeper = PidFd.TryOpen(pid);
        if (keeper is not null && ProcessStatus.TryReadStartTime(pid) == started && !keeper.HasEnded)
            return (keeper, descriptors);
        keeper?.Dispose();
        return null;
    }

    /// <summary>The running keeper's process; null if none runs.</summary>
    public static int? FindKeeper(Host.HostLayout layout)
    {
        if (Find(new DaemonFiles(layout)) is not var (keeper, _))
            return null;
        using (keeper)
            return keeper.Pid;
    }

    /// <summary>Understands the file; null if it says nothing that can be understood.</summary>
    internal static (int Pid, ulong Started, IReadOnlyDictionary<string, int> Descriptors)? Parse(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words is [var first, var second, .. var rest]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && ulong.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var started)
            && NamedDescriptors.Parse(WithNames(rest)) is { } descriptors && ServedConnection.AreComplete(descriptors)
                ? (pid, started, descriptors)
                : null;
    }

    // insulad wrote numbers alone before they had names, always these four: it may be what runs when this one is installed.
    private static string[] WithNames(string[] words)
        => words is [var connection, var requests, var held, var listener] && !words.Any(word => word.Contains('=', StringComparison.Ordinal))
            ?
            [
                $"{ServedConnection.ConnectionName}={connection}", $"{ServedConnection.RequestsName}={requests}",
                $"{ServedConnection.LockName}={held}", $"{ServedConnection.ListenerName}={listener}",
            ]
            : words;
}

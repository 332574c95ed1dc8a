namespace Insula.Cli.Options;

/// <summary>
/// The runtime reads an argument that is no UTF-8 as text with U+FFFD in it, which would name something else than the user did.
/// Such an argument is found here, so that the command can refuse it.
/// </summary>
internal static class ArgumentBytes
{
    private const char Replacement = '\uFFFD';

    /// <summary>The index of the first argument that is not UTF-8; -1 when all are.</summary>
    /// <param name="arguments">As the runtime read them.</param>
    /// <param name="readCommandLine">Gives /proc/self/cmdline: arguments as bytes, each with a NUL after it. Asked only on suspicion.</param>
    public static int FindInvalid(IReadOnlyList<string> arguments, Func<byte[]> readCommandLine)
    {
        if (!HasReplacement(arguments))
            return -1;
        var raw = Split(readCommandLine());
        // argv[0], and whatever else stands before the arguments we were given.
        var before = raw.Count - arguments.Count;
        for (var i = 0; i < arguments.Count; i++)
        {
            // An honest U+FFFD in the argument is three bytes that are UTF-8.
            if (before < 0 || !System.Text.Unicode.Utf8.IsValid(raw[before + i]))
                return i;
        }
        return -1;
    }

    private static bool HasReplacement(IReadOnlyList<string> arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument.Contains(Replacement, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    private static List<byte[]> Split(byte[] commandLine)
    {
        var arguments = new List<byte[]>();
        for (var start = 0; start < commandLine.Length;)
        {
            var length = commandLine.AsSpan(start).IndexOf((byte)0);
            var end = length < 0 ? commandLine.Length : start + length;
            arguments.Add(commandLine[start..end]);
            start = end + 1;
        }
        return arguments;
    }
}

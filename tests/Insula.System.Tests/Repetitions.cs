using System.Globalization;

namespace Insula.System.Tests;

/// <summary>How often something is repeated that goes wrong only now and then.</summary>
internal static class Repetitions
{
    private static readonly double Factor = Environment.GetEnvironmentVariable("INSULA_REPEAT") is { Length: > 0 } percent
        ? double.Parse(percent, CultureInfo.InvariantCulture) / 100
        : 1;

    /// <summary>True in a reference host without KVM, where whatever has a time takes ten times as long and more.</summary>
    public static bool IsEmulated { get; } = Environment.GetEnvironmentVariable("INSULA_EMULATED") == "1";

    /// <summary>As often as INSULA_REPEAT, in percent, says; at least twice.</summary>
    /// <param name="usual">How often without it.</param>
    public static int Of(int usual) => Math.Max(2, (int)(usual * Factor));
}

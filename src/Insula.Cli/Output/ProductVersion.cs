namespace Insula.Cli.Output;

/// <summary>What version this is. The number is written into the program by the build: reading it from the assembly costs start-up time.</summary>
internal static partial class ProductVersion
{
    /// <summary>The first line of vzctl --help, which libvirt parses: <c>vzctl version 0.1.0</c>.</summary>
    public static string LineOf(string program) => $"{program} version {Number}";
}

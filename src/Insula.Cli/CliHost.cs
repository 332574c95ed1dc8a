using Insula.Engine.Configuration;
using Insula.Engine.Host;
using Insula.Engine.Planning;
using Insula.Engine.Planning.Splitting;
using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.Cli;

/// <summary>What the programs need of the process they run in; tests give another one.</summary>
internal sealed class CliHost
{
    private GlobalConfig? _global;

    /// <summary>Standard output.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input, opened when it is wanted.</summary>
    public required Func<TextReader> Input { get; init; }

    /// <summary>True for the host's root.</summary>
    public required bool IsRoot { get; init; }

    /// <summary>True if standard error is a terminal.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>The directory of vz.conf.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary>Where the engine comes from.</summary>
    public required IEngineSource Engines { get; init; }

    /// <summary>The local time, for the log.</summary>
    public Func<DateTimeOffset> Now { get; init; } = LocalTime.Now;

    /// <summary>Gives the bytes of /proc/self/cmdline.</summary>
    public Func<byte[]> CommandLine { get; init; } = () => File.ReadAllBytes("/proc/self/cmdline");

    /// <summary>What the host has to divide among containers.</summary>
    public Func<HostResources> Resources { get; init; } = () => HostResources.Read(new HostView());

    /// <summary>The size in KiB of the file system that a VE_PRIVATE is on; null if it is not known.</summary>
    public Func<string, long?> DiskKiB { get; init; } = DiskSize.OfPrivateAreas;

    /// <summary>vz.conf, read when it is first wanted.</summary>
    /// <exception cref="Engine.InsulaException">10: it cannot be read.</exception>
    public GlobalConfig Global => _global ??= GlobalConfig.Load(ConfigDirectory);

    /// <summary>The process that we are.</summary>
    public static CliHost OfThisProcess()
    {
        var error = new DescriptorWriter(2);
        return new CliHost
        {
            Output = new DescriptorWriter(1),
            Error = error,
            Input = () => new StreamReader(Console.OpenStandardInput()),
            IsRoot = Environment.IsPrivilegedProcess,
            IsTerminal = error.IsTerminal,
            ConfigDirectory = Environment.GetEnvironmentVariable(HostLayout.ConfigDirectoryVariable) is { Length: > 0 } directory
                ? directory
                : HostLayout.Default.ConfigDirectory,
            Engines = new EngineSource(),
        };
    }

    /// <summary>Writes out what is still to be written.</summary>
    /// <param name="code">The exit code so far.</param>
    /// <returns>The exit code: an output that could not be written is an error too.</returns>
    public int Finish(int code)
    {
        try
        {
            Output.Flush();
        }
        catch (LinuxException error)
        {
            Error.WriteLine(error.Message);
            code = code == 0 ? (int)Engine.ExitCode.SystemError : code;
        }
        Error.Flush();
        return code;
    }
}

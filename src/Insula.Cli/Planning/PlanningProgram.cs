using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;

namespace Insula.Cli.Planning;

/// <summary>What all planning tools do alike. Whatever goes wrong, they exit with 1, as OpenVZ's do.</summary>
internal static class PlanningProgram
{
    private const int Failed = 1;

    private static readonly Option Version = new("version", "Show the version");
    private static readonly Option Help = new("help", "Show this help") { Letter = 'h' };

    /// <summary>--json.</summary>
    public static readonly Option Json = new("json", "Show JSON");

    /// <summary>The options that each of them has.</summary>
    public static IReadOnlyList<Option> CommonOptions { get; } = [Json, Version, Help];

    /// <summary>Runs a tool.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="words">The arguments.</param>
    /// <param name="invalid">The index of the first argument that is not UTF-8, or -1.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(PlanningTool tool, IReadOnlyList<string> words, int invalid, CliHost host)
    {
        using var reporter = new ConsoleReporter(host.Output, host.Error, quiet: false, host.IsTerminal);
        var result = Failed;
        ErrorGuard.Run(reporter, () => 0, () => result = Run(tool, words, invalid, host, reporter));
        return result;
    }

    private static int Run(PlanningTool tool, IReadOnlyList<string> words, int invalid, CliHost host, ConsoleReporter reporter)
    {
        var hint = $"{tool.Name} --help";
        var arguments = OptionParser.Parse(words, [.. tool.Options, .. CommonOptions], hint);
        if (arguments.Has(Help))
        {
            UsageText.WriteProgram(host.Output, Manuals.Of(tool));
            return 0;
        }
        if (arguments.Has(Version))
        {
            host.Output.WriteLine(ProductVersion.LineOf(tool.Name));
            return 0;
        }
        if (invalid >= 0)
            throw new InsulaException(ExitCode.BadSyntax, $"Argument {invalid + 1}, \"{words[invalid]}\", is not UTF-8 text");
        if (arguments.Error is { } error)
            throw error;
        var operands = arguments.Operands;
        if (operands.Count < tool.OperandCount)
            throw new InsulaException(ExitCode.BadSyntax, tool.Operand == OperandKind.Container ? "CT ID missing" : "No file is named", $"See {hint}");
        if (operands.Count > tool.MaximumOperands)
            throw new InsulaException(ExitCode.BadSyntax, $"Unexpected argument \"{operands[tool.MaximumOperands]}\"", $"See {hint}");
        if (tool.NeedsRoot(arguments))
            RootCheck.Demand(host, tool.Name);
        return tool.Run(new PlanningCall(host, arguments, reporter));
    }
}

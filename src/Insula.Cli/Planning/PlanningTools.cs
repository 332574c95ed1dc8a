using Insula.Cli.Planning.Tools;

namespace Insula.Cli.Planning;

/// <summary>The planning tools.</summary>
internal static class PlanningTools
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<PlanningTool> All { get; } =
        [new VzCalc(), new VzCfgScale(), new VzCfgValidate(), new VzCpuCheck(), new VzMemCheck(), new VzOversell(), new VzSplit()];

    /// <summary>The one of that name; null if there is none.</summary>
    public static PlanningTool? Find(string name)
    {
        foreach (var tool in All)
        {
            if (tool.Name == name)
                return tool;
        }
        return null;
    }
}

using System.Globalization;

namespace Insula.Bench;

/// <summary>Blocks in use, by du(1): a file's length says nothing of the room it takes.</summary>
internal static class DiskUsage
{
    /// <summary>Bytes that Insula's data and configuration take in the workspace.</summary>
    public static double Of(Workspace workspace)
    {
        var command = new Command("/usr/bin/du", "-s", "-x", "--block-size=1", Path.GetDirectoryName(workspace.ConfigDirectory)!)
        {
            OutputFile = workspace.OutputFile,
        };
        command.Run();
        return double.Parse(command.Output.Split('\t')[0], CultureInfo.InvariantCulture);
    }
}

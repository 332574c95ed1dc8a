using System.Globalization;
using Insula.Engine.Planning;

namespace Insula.Cli.Planning;

/// <summary>What <c>vzcpucheck -x</c> shows: elements for what its table and lines say. All of it is numbers, so there is nothing to escape.</summary>
internal static class CpuCheckXml
{
    /// <summary>Writes the document.</summary>
    public static void Write(TextWriter output, CpuCommitment commitment)
    {
        output.WriteLine("""<?xml version="1.0" encoding="UTF-8"?>""");
        output.WriteLine("<vzcpucheck>");
        output.WriteLine($"  <utilization>{commitment.Utilization}</utilization>");
        output.WriteLine($"  <power>{commitment.Power.ToString("0.##", CultureInfo.InvariantCulture)}</power>");
        output.WriteLine($"  <overcommitted>{(commitment.IsOvercommitted ? "true" : "false")}</overcommitted>");
        foreach (var node in commitment.Nodes)
            output.WriteLine($"""  <node><veid>{node.Ctid.Value}</veid><cpuunits>{node.Units}</cpuunits></node>""");
        output.WriteLine("</vzcpucheck>");
    }
}

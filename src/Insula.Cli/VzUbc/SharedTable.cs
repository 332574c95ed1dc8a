using System.Globalization;
using Insula.Engine.Beancounters.Shared;

namespace Insula.Cli.VzUbc;

/// <summary>The table of <c>vzubc --shared</c>.</summary>
internal static class SharedTable
{
    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="memory">All containers.</param>
    /// <param name="isWanted">Which of them are to be shown; the sums are of all.</param>
    public static void Write(TextWriter output, SharedMemory memory, Func<SharedMemoryRow, bool> isWanted)
    {
        output.WriteLine($"{"CTID",10} {"PROC",5} {"RSS",5} {"PSS",5} {"OWN",5} {"SHARE",5} {"CGRP",5}");
        foreach (var row in memory.Containers.Where(isWanted).OrderBy(row => row.Ctid))
            WriteRow(output, row.Ctid.ToString(), row.Processes, row.Rss, row.Pss, row.Distinct, row.Share, row.Cgroup ?? 0);
        var all = memory.Containers;
        WriteRow(
            output, "TOTAL", all.Sum(row => (long)row.Processes), all.Sum(row => row.Rss), all.Sum(row => row.Pss), memory.Unshared, all.Sum(row => row.Share),
            all.Sum(row => row.Cgroup ?? 0));
        if (memory.HostShare is > 0 and var host)
            WriteRow(output, "HOST", 0, 0, 0, 0, host, 0);
        output.WriteLine();
        output.WriteLine($"In memory: {ShortNumber.Of(memory.Present)}, without sharing: {ShortNumber.Of(memory.Unshared)}, saved: {ShortNumber.Of(memory.Saved)} ({Percent(memory)})");
    }

    private static void WriteRow(TextWriter output, string name, long processes, params ReadOnlySpan<long> bytes)
    {
        var line = $"{name,10} {(processes == 0 ? "-" : processes.ToString(CultureInfo.InvariantCulture)),5}";
        foreach (var amount in bytes)
            line += $" {ShortNumber.Of(amount),5}";
        output.WriteLine(line);
    }

    private static string Percent(SharedMemory memory)
        => memory.Unshared == 0 ? "0%" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * memory.Saved / memory.Unshared:0}%");
}

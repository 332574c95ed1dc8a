using Insula.Cli.Options;

namespace Insula.Cli.VzList;

/// <summary>The options of vzlist.</summary>
internal static class VzListOptions
{
    public static readonly Option AllContainers = new("all", "List all containers, not only those that run") { Letter = 'a' };
    public static readonly Option Stopped = new("stopped", "List the containers that do not run") { Letter = 'S' };
    public static readonly Option NameColumn = new("name", "Show names in the first of the default columns") { Letter = 'n' };
    public static readonly Option NoHeader = new("no-header", "Show no header") { Letter = 'H' };
    public static readonly Option NoTrim = new("no-trim", "Do not cut values that are wider than their column") { Letter = 't' };
    public static readonly Option Json = new("json", "Show JSON") { Letter = 'j' };
    public static readonly Option Fields = new("output", "Show these fields") { Letter = 'o', Argument = "FIELD[,FIELD...]" };
    public static readonly Option NumbersOnly = new("", "Show numbers alone: -H -octid") { Letter = '1' };
    public static readonly Option Sort = new("sort", "Sort by a field; - before it reverses") { Letter = 's', Argument = "[-]FIELD" };
    public static readonly Option HostName = new("hostname", "Only containers whose host name matches") { Letter = 'h', Argument = "PATTERN" };
    public static readonly Option NameFilter = new("name_filter", "Only containers whose name matches") { Letter = 'N', Argument = "PATTERN" };
    public static readonly Option Description = new("description", "Only containers whose description matches") { Letter = 'd', Argument = "PATTERN" };
    public static readonly Option ListFields = new("list", "Show the fields there are and their headers") { Letter = 'L' };
    public static readonly Option Version = new("version", "Show the version");
    public static readonly Option Help = new("help", "Show this help") { Letter = 'e' };

    /// <summary>All of them, in the order of help.</summary>
    public static readonly IReadOnlyList<Option> All =
    [
        AllContainers, Stopped, NameColumn, NoHeader, NoTrim, Json, Fields, NumbersOnly, Sort, HostName, NameFilter, Description, ListFields,
        Version, Help,
    ];
}

using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Cli.VzCtl;

namespace Insula.Cli.Help;

/// <summary>Help as it is shown on a terminal.</summary>
internal static class UsageText
{
    private const int TermWidth = 30;
    private const int LineWidth = 100;
    private const string Copyright = "Copyright (C) The Insula developers. Licensed under the MIT license.";

    /// <summary>The usage of vzctl; its first line is the version (libvirt parses it).</summary>
    public static void WriteVzCtl(TextWriter output) => WriteProgram(output, Manuals.VzCtl());

    /// <summary>The help of one command of vzctl.</summary>
    public static void WriteCommand(TextWriter output, VzCtlCommand command) => WriteCommand(output, "vzctl", Manuals.Of(command));

    /// <summary>The usage of a program.</summary>
    public static void WriteProgram(TextWriter output, ProgramManual manual)
    {
        output.WriteLine(ProductVersion.LineOf(manual.Name));
        output.WriteLine(Copyright);
        output.WriteLine();
        for (var i = 0; i < manual.Synopsis.Count; i++)
            output.WriteLine($"{(i == 0 ? "Usage:" : "      ")} {manual.Synopsis[i]}");
        WriteOptions(output, manual.Options);
        if (manual.Commands.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine("Commands:");
        foreach (var command in manual.Commands)
            WriteEntry(output, command.Usage, command.Summary);
        output.WriteLine();
        output.WriteLine($"Options of a command: {manual.Name} COMMAND --help");
    }

    /// <summary>The help of commands whose names begin with the same words.</summary>
    public static void WriteGroup(TextWriter output, string program, string group, IReadOnlyList<CommandManual> commands)
    {
        output.WriteLine($"Usage: {program} {group} COMMAND [options]");
        output.WriteLine();
        output.WriteLine("Commands:");
        foreach (var command in commands)
            WriteEntry(output, command.Usage, command.Summary);
        output.WriteLine();
        output.WriteLine($"Options of a command: {program} {group} COMMAND --help");
    }

    /// <summary>The help of one command.</summary>
    public static void WriteCommand(TextWriter output, string program, CommandManual command)
    {
        output.WriteLine($"Usage: {program} {command.Usage}");
        if (command.Alias is { } alias)
            output.WriteLine($"Also:  {program} {alias}");
        output.WriteLine();
        WriteWrapped(output, 0, command.Summary + ".");
        foreach (var note in command.Notes)
            WriteWrapped(output, 0, note);
        WriteOptions(output, command.Options);
    }

    /// <summary>An option's names and placeholder: "-p, --numproc N[:N]".</summary>
    public static string TermOf(Option option)
    {
        var names = new List<string>();
        if (option.Letter is { } letter)
            names.Add($"-{letter}");
        if (option.Name.Length > 0)
            names.Add($"--{option.Name}");
        foreach (var alias in option.Aliases)
            names.Add($"--{alias}");
        return string.Join(", ", names) + (option.Argument is { } argument ? $" {argument}" : "");
    }

    private static void WriteOptions(TextWriter output, IReadOnlyList<Option> options)
    {
        var heading = "";
        foreach (var option in options)
        {
            if (option.Hidden)
                continue;
            var group = option.Group ?? "Options";
            if (group != heading)
            {
                output.WriteLine();
                output.WriteLine($"{group}:");
                heading = group;
            }
            WriteEntry(output, TermOf(option), option.Help);
        }
    }

    private static void WriteEntry(TextWriter output, string term, string text)
    {
        var room = TermWidth - 2;
        if (term.Length >= room)
        {
            output.WriteLine($"  {term}");
            term = "";
        }
        WriteWrapped(output, TermWidth, text, $"  {term}".PadRight(TermWidth));
    }

    private static void WriteWrapped(TextWriter output, int indent, string text, string first = "")
    {
        var line = first;
        var start = first.Length;
        foreach (var word in text.Split(' '))
        {
            if (line.Length > start && line.Length + 1 + word.Length > LineWidth)
            {
                output.WriteLine(line);
                line = new string(' ', indent);
                start = indent;
            }
            line += line.Length > start ? $" {word}" : word;
        }
        output.WriteLine(line);
    }
}

using System.Text;
using Insula.Cli.Options;
using Insula.Cli.Output;

namespace Insula.Cli.Help;

/// <summary>A manual page in the man(7) macros.</summary>
internal static class ManPage
{
    /// <summary>Writes a page of section 8.</summary>
    public static void Write(TextWriter output, ProgramManual manual)
    {
        output.WriteLine($".TH {manual.Name.ToUpperInvariant()} 8 \"\" \"Insula {ProductVersion.Number}\" \"Containers\"");
        output.WriteLine(".SH NAME");
        output.WriteLine($"{manual.Name} \\- {Escape(manual.Summary)}");
        output.WriteLine(".SH SYNOPSIS");
        foreach (var line in manual.Synopsis)
        {
            output.WriteLine(".PP");
            output.WriteLine($".B {Escape(line)}");
        }
        output.WriteLine(".SH DESCRIPTION");
        WriteParagraphs(output, manual.Description);
        if (manual.Options.Count > 0)
        {
            output.WriteLine(".SH OPTIONS");
            WriteOptions(output, manual.Options);
        }
        if (manual.Commands.Count > 0)
        {
            output.WriteLine(".SH COMMANDS");
            foreach (var command in manual.Commands)
                WriteCommand(output, command);
        }
        foreach (var section in manual.Sections)
            WriteSection(output, section);
        if (manual.SeeAlso.Count > 0)
        {
            output.WriteLine(".SH SEE ALSO");
            output.WriteLine(string.Join(",\n", Bold(manual.SeeAlso)));
        }
    }

    /// <summary>Text that roff shows as it is: no escapes, no requests, dashes that can be copied.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => escaped.Append("\\e"),
                '-' => escaped.Append("\\-"),
                _ => escaped.Append(c),
            };
        }
        // A dot or quote at the start of a line would be a request.
        if (text.Length > 0 && text[0] is '.' or '\'')
            escaped.Insert(0, "\\&");
        return escaped.ToString();
    }

    private static List<string> Bold(IReadOnlyList<string> pages)
    {
        var lines = new List<string>();
        foreach (var page in pages)
        {
            var section = page.IndexOf('(', StringComparison.Ordinal);
            lines.Add($".BR {Escape(page[..section])} {page[section..]}");
        }
        return lines;
    }

    private static void WriteParagraphs(TextWriter output, IReadOnlyList<string> paragraphs)
    {
        foreach (var paragraph in paragraphs)
        {
            output.WriteLine(".PP");
            output.WriteLine(Escape(paragraph));
        }
    }

    private static void WriteCommand(TextWriter output, CommandManual command)
    {
        output.WriteLine($".SS {Escape(command.Usage)}");
        output.WriteLine(Escape(command.Summary + "."));
        if (command.Alias is { } alias)
            output.WriteLine(Escape($"Also: {alias}."));
        WriteParagraphs(output, command.Notes);
        WriteOptions(output, command.Options);
    }

    private static void WriteOptions(TextWriter output, IReadOnlyList<Option> options)
    {
        string? heading = null;
        foreach (var option in options)
        {
            if (option.Hidden)
                continue;
            if (option.Group is { } group && group != heading)
            {
                output.WriteLine(".PP");
                output.WriteLine($".I {Escape(group)}");
                heading = group;
            }
            WriteEntry(output, UsageText.TermOf(option), option.Help + ".");
        }
    }

    private static void WriteSection(TextWriter output, ManualSection section)
    {
        output.WriteLine($".SH {Escape(section.Title)}");
        foreach (var (term, text) in section.Entries)
            WriteEntry(output, term, text);
    }

    private static void WriteEntry(TextWriter output, string term, string text)
    {
        output.WriteLine(".TP");
        output.WriteLine($".B {Escape(term)}");
        output.WriteLine(Escape(text));
    }
}

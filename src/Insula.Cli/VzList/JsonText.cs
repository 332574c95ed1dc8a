using System.Globalization;
using System.Text.Encodings.Web;

namespace Insula.Cli.VzList;

/// <summary>
/// JSON in the layout of the old vzlist, which line-based readers know: a container's fields a line each, indented by four. Unlike
/// there, strings are escaped.
/// </summary>
/// <param name="output">Where to.</param>
internal sealed class JsonText(TextWriter output)
{
    private bool _firstContainer = true;
    private bool _firstField;

    /// <summary>Starts the list.</summary>
    public void Begin() => output.Write('[');

    /// <summary>Ends the list.</summary>
    public void End() => output.Write(_firstContainer ? "]\n" : "\n]\n");

    /// <summary>Starts a container.</summary>
    public void BeginContainer()
    {
        output.Write(_firstContainer ? "\n  {" : ",\n  {");
        _firstContainer = false;
        _firstField = true;
    }

    /// <summary>Ends a container.</summary>
    public void EndContainer() => output.Write("\n  }");

    /// <summary>Writes a field's name; its value follows.</summary>
    public void Name(string name)
    {
        output.Write(_firstField ? "\n    " : ",\n    ");
        _firstField = false;
        Quoted(name);
        output.Write(": ");
    }

    /// <summary>A string, or null.</summary>
    public void String(string? text)
    {
        if (text is null)
            output.Write("null");
        else
            Quoted(text);
    }

    /// <summary>A whole number, or null.</summary>
    public void Number(long? number) => output.Write(number is { } value ? value.ToString(CultureInfo.InvariantCulture) : "null");

    /// <summary>A number with decimals, or null.</summary>
    public void Number(double? number, int decimals)
        => output.Write(number is { } value ? value.ToString($"F{decimals}", CultureInfo.InvariantCulture) : "null");

    /// <summary>true, false or null.</summary>
    public void Boolean(bool? value) => output.Write(value is { } known ? (known ? "true" : "false") : "null");

    /// <summary>A list of strings.</summary>
    public void Strings(IReadOnlyList<string> texts)
    {
        output.Write('[');
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0)
                output.Write(", ");
            Quoted(texts[i]);
        }
        output.Write(']');
    }

    /// <summary>An object of numbers, a line each.</summary>
    public void Numbers(params ReadOnlySpan<(string Name, long? Value)> members)
    {
        output.Write('{');
        for (var i = 0; i < members.Length; i++)
        {
            output.Write(i == 0 ? "\n      " : ",\n      ");
            Quoted(members[i].Name);
            output.Write(": ");
            Number(members[i].Value);
        }
        output.Write("\n    }");
    }

    /// <summary>An object of switches, on one line; null for none.</summary>
    public void Switches(IReadOnlyList<(string Name, bool On)>? switches)
    {
        if (switches is null)
        {
            output.Write("null");
            return;
        }
        output.Write('{');
        for (var i = 0; i < switches.Count; i++)
        {
            output.Write(i == 0 ? "" : ", ");
            Quoted(switches[i].Name);
            output.Write(switches[i].On ? ": true" : ": false");
        }
        output.Write('}');
    }

    /// <summary>Numbers with two decimals in brackets.</summary>
    public void Averages(params ReadOnlySpan<double> numbers)
    {
        output.Write('[');
        for (var i = 0; i < numbers.Length; i++)
            output.Write((i == 0 ? "" : ", ") + numbers[i].ToString("F2", CultureInfo.InvariantCulture));
        output.Write(']');
    }

    private void Quoted(string text)
    {
        output.Write('"');
        // Also replaces halves of surrogate pairs, which no reader would accept.
        output.Write(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text));
        output.Write('"');
    }
}

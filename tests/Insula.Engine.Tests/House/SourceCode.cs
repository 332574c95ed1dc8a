namespace Insula.Engine.Tests.House;

/// <summary>
/// A C# file with its comments, strings and preprocessor lines blanked out (line breaks stay), so that braces and words can be
/// counted without a compiler.
/// </summary>
internal sealed class SourceCode(string text)
{
    private static readonly string[] TypeKeywords = ["class", "struct", "record", "interface", "enum", "namespace"];

    private readonly string _text = Blank(text);

    public static SourceCode Read(string file) => new(File.ReadAllText(file));

    public IEnumerable<string> Words() => WordsOf(_text);

    public IEnumerable<string> Usings()
        => _text.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';'))
            .Select(line => line[6..^1].Replace("static ", "", StringComparison.Ordinal))
            .Select(name => name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim());

    public string? Namespace()
        => _text.Split('\n')
            .Where(line => line.StartsWith("namespace ", StringComparison.Ordinal))
            .Select(line => line[10..].Trim(' ', ';', '{'))
            .FirstOrDefault();

    /// <summary>Every method, constructor, operator and property with a body: the line it starts on and how many lines it has.</summary>
    public IReadOnlyList<Function> Functions()
    {
        var functions = new List<Function>();
        Members(0, _text.Length, functions);
        return functions;
    }

    private static IEnumerable<string> WordsOf(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '_');
            if (inside && start < 0)
                start = i;
            if (!inside && start >= 0)
            {
                yield return text[start..i];
                start = -1;
            }
        }
    }

    // The members of a namespace or type body. A member is its header, then ";", "= value;", "=> expression;" or "{ body }".
    private void Members(int from, int to, List<Function> functions)
    {
        while (true)
        {
            while (from < to && (char.IsWhiteSpace(_text[from]) || _text[from] is ';' or '}'))
                from++;
            if (from >= to)
                return;
            if (_text[from] == '[')
            {
                from = Close(from) + 1;
                continue;
            }

            from = Member(from, to, functions);
        }
    }

    private int Member(int start, int to, List<Function> functions)
    {
        var i = start;
        while (i < to && _text[i] is not ('{' or ';' or '='))
            i = _text[i] is '(' or '[' ? Close(i) + 1 : i + 1;
        if (i >= to || _text[i] == ';')
            return i + 1;
        if (_text[i] == '{')
            return Body(start, i, functions);
        var isExpressionBody = _text[i + 1] == '>';
        if (!isExpressionBody && _text[i + 1] == '=')
            return i + 2;
        while (i < to && _text[i] != ';')
            i = _text[i] is '(' or '[' or '{' ? Close(i) + 1 : i + 1;
        if (isExpressionBody)
            functions.Add(Measure(start, i));
        return i + 1;
    }

    private int Body(int start, int open, List<Function> functions)
    {
        var close = Close(open);
        var header = WordsOf(_text[start..open]).ToList();
        if (header.Contains("enum"))
            return close + 1;
        if (header.Intersect(TypeKeywords).Any())
            Members(open + 1, close, functions);
        else if (header.Count > 0)
            functions.Add(Measure(start, close));
        return close + 1;
    }

    private Function Measure(int start, int end)
        => new(_text.AsSpan(0, start).Count('\n') + 1, _text.AsSpan(start, Math.Min(end, _text.Length) - start).Count('\n') + 1);

    private int Close(int open)
    {
        var depth = 0;
        for (var i = open; i < _text.Length; i++)
        {
            if (_text[i] is '(' or '[' or '{')
                depth++;
            if (_text[i] is ')' or ']' or '}' && --depth == 0)
                return i;
        }

        return _text.Length;
    }

    private static string Blank(string text)
    {
        var result = text.ToCharArray();
        for (var i = 0; i < text.Length;)
        {
            var end = SkipBlank(text, i);
            for (var j = i; j < end; j++)
            {
                if (result[j] != '\n')
                    result[j] = ' ';
            }

            i = Math.Max(end, i + 1);
        }

        return new string(result);
    }

    // The end of the comment, literal or preprocessor line that starts here, or the same place if none does.
    private static int SkipBlank(string text, int i)
    {
        var rest = text.AsSpan(i);
        if (rest.StartsWith("//") || (rest[0] == '#' && text.AsSpan(0, i).TrimEnd(' ') is [] or [.., '\n']))
            return EndOf(text, "\n", i, 0);
        if (rest.StartsWith("/*"))
            return EndOf(text, "*/", i + 2, 2);
        if (rest[0] == '\'')
            return SkipQuoted(text, i, '\'', verbatim: false, holes: false);
        var prefix = rest.Length - rest.TrimStart("$@").Length;
        return rest[prefix..].StartsWith("\"") ? SkipString(text, i, prefix) : i;
    }

    private static int SkipString(string text, int i, int prefix)
    {
        var open = i + prefix;
        var quotes = text.Length - open - text.AsSpan(open).TrimStart('"').Length;
        if (quotes >= 3)
            return EndOf(text, new string('"', quotes), open + quotes, quotes);
        var marks = text.AsSpan(i, prefix);
        return SkipQuoted(text, open, '"', marks.Contains('@'), marks.Contains('$'));
    }

    private static int SkipQuoted(string text, int open, char quote, bool verbatim, bool holes)
    {
        for (var i = open + 1; i < text.Length; i++)
        {
            var doubled = i + 1 < text.Length && text[i + 1] == text[i];
            if (text[i] == '\\' && !verbatim)
                i++;
            else if (doubled && ((verbatim && text[i] == quote) || (holes && text[i] == '{')))
                i++;
            else if (holes && text[i] == '{')
                i = SkipHole(text, i);
            else if (text[i] == quote)
                return i + 1;
        }

        return text.Length;
    }

    // {expression} inside an interpolated string: may hold strings of its own.
    private static int SkipHole(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            var end = SkipBlank(text, i);
            if (end > i)
                i = end - 1;
            else if (text[i] == '{')
                depth++;
            else if (text[i] == '}' && --depth == 0)
                return i;
        }

        return text.Length;
    }

    private static int EndOf(string text, string mark, int from, int length)
    {
        var at = text.IndexOf(mark, from, StringComparison.Ordinal);
        return at < 0 ? text.Length : at + length;
    }

    internal readonly record struct Function(int Line, int Lines);
}

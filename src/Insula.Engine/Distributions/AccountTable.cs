using System.Globalization;

namespace Insula.Engine.Distributions;

/// <summary>
/// A file of colon-separated entries such as <c>root:x:0:0:root:/root:/bin/bash</c> (passwd(5), shadow(5), group(5)). Lines that are
/// no entries stay as they are.
/// </summary>
internal sealed class AccountTable
{
    private readonly List<string> _lines;

    public AccountTable(string text) => _lines = MarkedBlock.Lines(text);

    /// <summary>The whole text.</summary>
    public override string ToString() => _lines.Count == 0 ? "" : string.Join('\n', _lines) + "\n";

    /// <summary>The fields of the first entry of that name, which is the one that counts; null if there is none.</summary>
    public string[]? Find(string name)
    {
        var index = IndexOf(name);
        return index < 0 ? null : _lines[index].Split(':');
    }

    /// <summary>Replaces the entry of that name, or adds it at the end.</summary>
    public void Put(string name, string[] fields)
    {
        var index = IndexOf(name);
        if (index < 0)
            _lines.Add(string.Join(':', fields));
        else
            _lines[index] = string.Join(':', fields);
    }

    /// <summary>The numbers in the third field: user ids of passwd, group ids of group.</summary>
    public HashSet<int> Ids()
    {
        var ids = new HashSet<int>();
        foreach (var line in _lines)
        {
            var fields = line.Split(':');
            if (fields.Length > 2 && int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                ids.Add(id);
        }
        return ids;
    }

    private int IndexOf(string name)
    {
        var start = name + ":";
        return _lines.FindIndex(line => line.StartsWith(start, StringComparison.Ordinal));
    }
}

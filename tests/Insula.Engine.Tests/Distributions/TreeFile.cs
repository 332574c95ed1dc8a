using System.Text;

namespace Insula.Engine.Tests.Distributions;

/// <summary>
/// A tree of files as one text: <c>== etc/hostname</c> and the file's lines, or <c>== etc/resolv.conf -> ../run/resolv.conf</c> for a link.
/// </summary>
internal static class TreeFile
{
    private const string Mark = "== ";
    private const string Arrow = " -> ";

    public static ContainerTree Read(string path)
    {
        var tree = new ContainerTree();
        var text = File.ReadAllText(path, Encoding.Latin1);
        foreach (var part in ("\n" + text).Split("\n" + Mark).Skip(1))
        {
            var newline = part.IndexOf('\n', StringComparison.Ordinal);
            var name = newline < 0 ? part : part[..newline];
            var body = newline < 0 ? "" : part[(newline + 1)..];
            if (name.Contains(Arrow, StringComparison.Ordinal))
                tree.AddLink(name.Split(Arrow)[0], name.Split(Arrow)[1]);
            else if (name.EndsWith('/'))
                Directory.CreateDirectory(tree.PathOf(name));
            else
                tree.Add(name, body.Length == 0 || body.EndsWith('\n') ? body : body + "\n");
        }
        return tree;
    }

    /// <summary>What is in a tree: files with mode and content, links with their target.</summary>
    public static SortedDictionary<string, string> Contents(ContainerTree tree)
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var root = tree.PathOf("");
        foreach (var path in Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(root, path);
            if (new FileInfo(path).LinkTarget is { } target)
                contents[name] = $"{Arrow}{target}\n";
            else if (File.Exists(path))
                contents[name] = $" {Convert.ToString((int)File.GetUnixFileMode(path), 8)}\n{File.ReadAllText(path, Encoding.Latin1)}";
        }
        return contents;
    }

    /// <summary>The files that are new or other, whole, and the names of those that are gone.</summary>
    public static string Difference(SortedDictionary<string, string> before, SortedDictionary<string, string> after)
    {
        var text = new StringBuilder();
        foreach (var (path, content) in after)
        {
            if (before.GetValueOrDefault(path) != content)
                text.Append(Mark).Append(path).Append(content);
        }
        foreach (var path in before.Keys.Except(after.Keys))
            text.Append($"{Mark}{path} gone\n");
        return text.ToString();
    }
}

using System.Xml.Linq;

namespace Insula.Engine.Tests.House;

/// <summary>The repository that this test program was built in, as files and projects.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["bin", "obj"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every source file of the folder (src, src/Insula.Linux, tests ...), without what a build wrote.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern = "*.cs")
        => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !Relative(file).Split('/').Intersect(Built).Any())
            .Order(StringComparer.Ordinal)
            .ToList();

    public static string Relative(string file) => Path.GetRelativePath(Root, file);

    public static XDocument Project(string name) => XDocument.Load(Path.Combine(Root, "src", name, name + ".csproj"));

    /// <summary>The names of what a project refers to by the given element: ProjectReference, PackageReference.</summary>
    public static IEnumerable<string> References(XDocument project, string element)
        => project.Descendants(element)
            .Select(reference => (string?)reference.Attribute("Include") ?? "")
            .Select(include => include.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(include) : include)
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "Insula.slnx")))
                return directory;
        }

        throw new InvalidOperationException("Insula.slnx is nowhere above " + AppContext.BaseDirectory);
    }
}

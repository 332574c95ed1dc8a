using System.Runtime.CompilerServices;

namespace Insula.Cli.Tests;

/// <summary>Files in the repository that must be what the programs print; INSULA_WRITE_GOLDEN=1 renews them.</summary>
internal static class Golden
{
    /// <summary>Compares with a file, given from the root of the repository.</summary>
    public static void Check(string path, string actual)
    {
        var file = Path.Combine(RepositoryRoot(), path);
        if (Environment.GetEnvironmentVariable("INSULA_WRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }
        Assert.Equal(File.ReadAllText(file), actual);
    }

    private static string RepositoryRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));
}

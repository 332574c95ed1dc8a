using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Planning.Splitting;

/// <summary>Writes a new sample, conf/ve-NAME.conf-sample.</summary>
public static class SampleFile
{
    /// <summary>Writes it, whole or not at all.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="InsulaException">21: the name is none; 82: there is such a sample already; 12 or 139: it cannot be written.</exception>
    public static string Write(ContainerStore store, string name, string text)
    {
        new FileNameKind().Parse("the sample's name", name, ParseContext.Default);
        var path = store.SamplePath(name);
        RefuseExisting(path);
        var temporary = $"{path}.{Environment.ProcessId}";
        AtomicFile.Replace(temporary, Encoding.UTF8.GetBytes(text));
        try
        {
            // Somebody may have made one since we looked; his stays.
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException)
        {
            File.Delete(temporary);
            RefuseExisting(path);
            throw;
        }
        return path;
    }

    private static void RefuseExisting(string path)
    {
        if (File.Exists(path))
            throw new InsulaException(ExitCode.CopyConfig, $"{path} exists already", "Choose another name, or remove it first");
    }
}

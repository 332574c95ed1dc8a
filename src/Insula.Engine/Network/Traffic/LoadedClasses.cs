using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Host;

namespace Insula.Engine.Network.Traffic;

/// <summary>
/// Which classes of networks are to be in force: those of conf/networks_classes, unless others were loaded since the host was started, which are in
/// RUNDIR/networks_classes.
/// </summary>
/// <param name="layout">Where the files are.</param>
internal sealed class LoadedClasses(HostLayout layout)
{
    private string Path => System.IO.Path.Combine(layout.RunDirectory, "networks_classes");

    /// <summary>What is to be in force.</summary>
    /// <exception cref="InsulaException">85: a line is wrong.</exception>
    public IReadOnlyList<NetworkClass> Read() => NetworkClasses.Read(File.Exists(Path) ? Path : NetworkClasses.FileOf(layout));

    /// <summary>Other classes than those of the file are to be in force.</summary>
    public void Keep(IReadOnlyList<NetworkClass> classes)
    {
        Directory.CreateDirectory(layout.RunDirectory);
        AtomicFile.Replace(Path, Encoding.ASCII.GetBytes(NetworkClasses.Format(classes)), durable: false);
    }

    /// <summary>Those of the file are to be in force.</summary>
    public void Forget()
    {
        if (File.Exists(Path))
            File.Delete(Path);
    }
}

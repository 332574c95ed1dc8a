using System.Text;
using Insula.Engine.Distributions;
using Insula.Engine.Network;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Distributions;

/// <summary>A directory that stands for a container's root, with something outside of it that must never be touched.</summary>
internal sealed class ContainerTree : IDisposable
{
    private readonly string _base = Directory.CreateTempSubdirectory("insula-tree-").FullName;

    public ContainerTree()
    {
        Directory.CreateDirectory(PathOf("etc"));
        Directory.CreateDirectory(Outside);
        using var self = Files.Open(_base, OpenFlags.Path);
        Owner = FileStatus.Of(self, _base);
        Root = RootDirectory.Open(PathOf(""));
    }

    public FileStatus Owner { get; }

    public RootDirectory Root { get; }

    public string Outside => Path.Combine(_base, "outside");

    public IDistributionConfigurator Configurator => DistributionConfigurator.For(Root, Owner.Uid, Owner.Gid);

    public string PathOf(string path) => Path.Combine(_base, "root", path);

    public ContainerTree Add(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text, Encoding.Latin1);
        return this;
    }

    public ContainerTree AddLink(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.CreateSymbolicLink(PathOf(path), target);
        return this;
    }

    public string Read(string path) => File.ReadAllText(PathOf(path), Encoding.Latin1);

    /// <summary>Every path with its content, mode and time of change: what a run that changes nothing leaves alike.</summary>
    public Dictionary<string, string> Snapshot()
    {
        var state = new Dictionary<string, string>();
        foreach (var path in Directory.EnumerateFileSystemEntries(_base, "*", SearchOption.AllDirectories))
        {
            var info = new FileInfo(path);
            if (info.LinkTarget is { } target)
            {
                state[path[_base.Length..]] = $"-> {target}";
                continue;
            }
            var content = info.Attributes.HasFlag(FileAttributes.Directory) ? "" : File.ReadAllText(path, Encoding.Latin1);
            state[path[_base.Length..]] = $"{info.UnixFileMode} {info.LastWriteTimeUtc.Ticks} {content}";
        }
        return state;
    }

    public void Dispose()
    {
        Root.Dispose();
        Directory.Delete(_base, recursive: true);
    }

    /// <summary>Venet0 with these addresses, or nothing at all.</summary>
    public bool SetAddresses(params string[] addresses)
        => Configurator.SetInterfaces(addresses.Length == 0 ? [] : [InterfaceSettings.Venet(Addresses(addresses))]);

    public static IpPrefix[] Addresses(params string[] texts) => Array.ConvertAll(texts, IpPrefix.Parse);
}

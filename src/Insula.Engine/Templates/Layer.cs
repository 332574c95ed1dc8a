using Insula.Linux.FileTrees;

namespace Insula.Engine.Templates;

/// <summary>
/// An unpacked template in use. Until it is disposed the layer cannot be removed; a container that goes on using it must by
/// then have the digest in the file <c>layer</c> of its private area.
/// </summary>
public sealed class Layer : IDisposable
{
    private readonly LeaseLock _lease;

    internal Layer(LayerDigest digest, string directory, LeaseLock lease)
    {
        Digest = digest;
        Directory = directory;
        _lease = lease;
    }

    /// <summary>Which layer it is.</summary>
    public LayerDigest Digest { get; }

    /// <summary>The layer's own directory.</summary>
    public string Directory { get; }

    /// <summary>The unpacked tree, owned by ids 0 to 65535: to be used through an idmapped mount, never changed.</summary>
    public string RootPath => $"{Directory}/{LayerStore.RootName}";

    /// <inheritdoc/>
    public void Dispose() => _lease.Dispose();
}

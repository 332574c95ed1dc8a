using Insula.Engine.Containers;

namespace Insula.Engine.Storage;

/// <summary>Finds a container's storage layout.</summary>
internal static class StorageLayouts
{
    /// <summary>
    /// What the private area shows itself to be counts, not what the configuration says: a container of an old OpenVZ host (simfs) has no
    /// VE_LAYOUT we know, and vz.conf's default is for new containers.
    /// </summary>
    public static IStorageLayout Of(ContainerContext container)
    {
        if (File.Exists(ImageLayout.ImageFile(container.Private)))
            return Image(container.Engine);
        return File.Exists(OverlayLayout.LayerFile(container.Private)) ? Overlay(container.Engine) : new DirectoryLayout();
    }

    /// <summary>The overlay layout over this host's layers.</summary>
    public static OverlayLayout Overlay(EngineContext engine) => new(engine.Layers.RootOf);

    /// <summary>The image layout over this host's layers.</summary>
    public static ImageLayout Image(EngineContext engine) => new(engine.Layers.RootOf);
}

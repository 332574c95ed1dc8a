using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Templates;

namespace Insula.Engine.Storage;

/// <summary>Finds a container's storage layout.</summary>
internal static class StorageLayouts
{
    /// <summary>
    /// What the private area shows itself to be counts, not what the configuration says: a container of an old OpenVZ host (simfs) has no
    /// VE_LAYOUT we know, and vz.conf's default is for new containers.
    /// </summary>
    public static IStorageLayout Of(ContainerContext container)
        => File.Exists(OverlayLayout.LayerFile(container.Private)) ? Overlay(container.Engine) : new DirectoryLayout();

    /// <summary>The layout for new containers.</summary>
    public static StorageLayout ForNew(ContainerContext container, string? asked)
        => asked != null
            ? DiskParameters.Layout.TypedKind.Parse("--layout", asked, ParseContext.Default)
            : container.Config.Get(DiskParameters.Layout);

    /// <summary>The overlay layout over this host's layers.</summary>
    public static OverlayLayout Overlay(EngineContext engine) => new(digest => FindLayer(engine.Layers, digest));

    private static string FindLayer(LayerStore layers, string text)
    {
        if (!LayerDigest.TryParse(text, out var digest) || !layers.IsPresent(digest))
        {
            throw new InsulaException(
                ExitCode.NoPrivateArea, $"Template layer {text} is missing", "restore the layers directory below TEMPLATE from a backup");
        }
        return layers.RootPathOf(digest);
    }
}

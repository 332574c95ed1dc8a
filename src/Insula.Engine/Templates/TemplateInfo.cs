namespace Insula.Engine.Templates;

/// <summary>A template in the cache.</summary>
/// <param name="Name">Its name, as OSTEMPLATE gives it.</param>
/// <param name="Path">The archive.</param>
/// <param name="Bytes">The archive's size.</param>
/// <param name="Modified">When the archive was last written.</param>
/// <param name="Digest">The archive's digest, if it is known without reading it.</param>
/// <param name="Unpacked">True if its layer is present.</param>
/// <param name="Users">Containers that use its layer.</param>
public sealed record TemplateInfo(
    TemplateName Name, string Path, long Bytes, DateTimeOffset Modified, LayerDigest? Digest, bool Unpacked, int Users);

/// <summary>All that is known about a template.</summary>
/// <param name="Template">What the list shows.</param>
/// <param name="Compression">How the archive is compressed.</param>
/// <param name="Layer">Its layer, if it is unpacked.</param>
public sealed record TemplateDetails(TemplateInfo Template, Compression.ArchiveCompression Compression, LayerInfo? Layer);

/// <summary>The result of checking a template.</summary>
/// <param name="Digest">The archive's digest as it is now.</param>
/// <param name="Recorded">The digest recorded when it was first used or imported; null if it never was.</param>
/// <param name="Entries">Entries read from the archive.</param>
/// <param name="Damage">Why the archive cannot be read to its end; null if it can.</param>
/// <param name="Layer">The comparison of its layer; null if it is not unpacked.</param>
public sealed record TemplateVerification(LayerDigest Digest, LayerDigest? Recorded, long Entries, string? Damage, LayerVerification? Layer)
{
    /// <summary>True if archive and layer are what they were.</summary>
    public bool IsGood => Damage is null && (Recorded is null || Recorded == Digest) && Layer is null or { IsGood: true };
}

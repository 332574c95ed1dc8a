using System.Globalization;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;

namespace Insula.Engine.Quotas;

/// <summary>
/// QUOTADIR/quota.CTID: what a container used when it was last looked at and what it may, so that a stopped container's usage is known
/// without its file system. Text in the form of the other configuration files.
/// </summary>
/// <param name="Path">The private area that is counted.</param>
/// <param name="IsOn">Whether the limits are in force.</param>
/// <param name="IsDirty">Whether everything is to be counted anew when they are put into force.</param>
/// <param name="State">Usage and limits.</param>
/// <param name="UserQuota">Whether users and groups inside have quotas.</param>
/// <param name="UgidLimit">How many of them may.</param>
public sealed record QuotaFile(string Path, bool IsOn, bool IsDirty, QuotaState State, bool UserQuota, long UgidLimit)
{
    /// <summary>Where the file of a container is.</summary>
    public static string PathOf(EngineContext engine, Ctid ctid) => System.IO.Path.Combine(engine.Global.QuotaDirectory, $"quota.{ctid}");

    /// <summary>Reads a file; null if there is none.</summary>
    /// <exception cref="InsulaException">85: it is not one of ours.</exception>
    public static QuotaFile? TryLoad(string path)
    {
        if (ConfigFile.TryLoad(path) is not { } file)
            return null;
        if (file.Get("QUOTA_PATH") is not { Length: > 0 } area)
            throw new InsulaException(ExitCode.InvalidConfig, $"{path} is no quota file of this program", "remove it; it is made anew at the container's next start");
        return new QuotaFile(
            area, file.Get("QUOTA_ON") == "yes", file.Get("QUOTA_DIRTY") == "yes", new QuotaState(Amount(file, "SPACE"), Amount(file, "INODES")),
            file.Get("SUB_QUOTAS") == "yes", Number(file.Get("UGID_LIMIT")));
    }

    /// <summary>Writes it. It can be made again from the kernel and the configuration, so nothing waits for the disk.</summary>
    public void Save(string path)
    {
        var file = new ConfigFile(path);
        file.Set("QUOTA_PATH", Path);
        file.Set("QUOTA_ON", IsOn ? "yes" : "no");
        if (IsDirty)
            file.Set("QUOTA_DIRTY", "yes");
        Set(file, "SPACE", State.Space);
        Set(file, "INODES", State.Inodes);
        file.Set("SUB_QUOTAS", UserQuota ? "yes" : "no");
        file.Set("UGID_LIMIT", UgidLimit.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        AtomicFile.Replace(path, file.ToBytes(), durable: false);
    }

    /// <summary>Removes the note of a container. None, or no directory for notes, is as good.</summary>
    public static void Delete(EngineContext engine, Ctid ctid)
    {
        var path = PathOf(engine, ctid);
        if (File.Exists(path))
            File.Delete(path);
    }

    // SPACE="usage soft hard expires grace"
    private static void Set(ConfigFile file, string key, QuotaAmount amount)
        => file.Set(key, string.Create(CultureInfo.InvariantCulture, $"{amount.Usage} {amount.Soft} {amount.Hard} {amount.Expires} {amount.Grace}"));

    private static QuotaAmount Amount(ConfigFile file, string key)
    {
        var words = (file.Get(key) ?? "").Split(' ');
        return words.Length == 5
            ? new QuotaAmount(Number(words[0]), Number(words[1]), Number(words[2]), Number(words[3]), Number(words[4]))
            : default;
    }

    private static long Number(string? text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

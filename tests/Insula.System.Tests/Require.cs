using System.Diagnostics;
using Insula.Engine.Host;

namespace Insula.System.Tests;

/// <summary>
/// Where a test can run: it says what it needs of a host, never which host, and is skipped where that is missing, with what was found there
/// as the reason.
/// </summary>
internal static class Require
{
    private const string Modprobe = "/usr/sbin/modprobe";

    private static readonly HostCapabilities s_host = new();
    private static readonly Lock s_looking = new();

    /// <summary>All system tests but a few need it.</summary>
    public static void Root() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");

    /// <summary>Whether this process may raise limits of others (CAP_SYS_RESOURCE), which a root may lack.</summary>
    public static bool MayRaiseLimits
    {
        get
        {
            const int capSysResource = 24;
            var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
            return ((Convert.ToUInt64(line[7..].Trim(), 16) >> capSysResource) & 1) != 0;
        }
    }

    /// <summary>Something that <c>insula check</c> looks for.</summary>
    public static void Feature(HostFeature feature)
    {
        FeatureFinding finding;
        lock (s_looking)
            finding = s_host[feature];
        Assert.SkipWhen(finding.State == FeatureState.No, $"needs {feature.Group}: {feature.Name}{(finding.Detail.Length > 0 ? $" ({finding.Detail})" : "")}");
    }

    /// <summary>A feature by its name in <c>insula check</c>, which is unique.</summary>
    public static void Feature(string name) => Feature(HostFeatures.All.Single(feature => feature.Name == name));

    /// <summary>What a feature gives: where the host has the feature it is there, or the test fails.</summary>
    public static T Present<T>(T? value, HostFeature feature)
        where T : class
    {
        Feature(feature);
        Assert.NotNull(value);
        return value;
    }

    /// <summary>A kind of file system: one that the kernel has, or has once its module is loaded, as mount(2) would have it loaded.</summary>
    public static void FileSystem(string type)
    {
        if (!IsKnown(type) && File.Exists(Modprobe))
        {
            using var loading = Process.Start(Modprobe, ["--quiet", type]);
            loading.WaitForExit();
        }
        Assert.SkipUnless(IsKnown(type), $"needs the file system {type}");
    }

    private static bool IsKnown(string type) => File.ReadAllText("/proc/filesystems").Contains($"\t{type}\n", StringComparison.Ordinal);
}

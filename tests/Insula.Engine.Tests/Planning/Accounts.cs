using Insula.Engine.Beancounters;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Planning;

namespace Insula.Engine.Tests.Planning;

/// <summary>Accounts, configurations and hosts for tests.</summary>
internal static class Accounts
{
    public const long Gigabyte = 1L << 30;

    /// <summary>8 GiB of RAM, 4 GiB of swap, two processors.</summary>
    public static readonly HostResources Host = new(8 * Gigabyte, 4 * Gigabyte, 8 * Gigabyte, 65536, 8384.08m);

    /// <summary>An account in which the named rows are (held, barrier, limit) and all others 0.</summary>
    public static Beancounter Of(int ctid, params (BeancounterResource Resource, long Held, long Barrier, long Limit)[] rows)
        => new(new Ctid(ctid), [.. BeancounterResources.All.Select(resource =>
        {
            var row = rows.FirstOrDefault(each => each.Resource == resource);
            return new BeancounterReading(resource, row.Held, row.Held, row.Barrier, row.Limit, 0);
        })]);

    public static ContainerConfig Config(string text, string? global = null) => new(
        new Ctid(101),
        ConfigFile.Parse("101.conf", System.Text.Encoding.UTF8.GetBytes(text)),
        global is null ? null : ConfigFile.Parse("vz.conf", System.Text.Encoding.UTF8.GetBytes(global)));

    /// <summary>The text of a configuration that gives the parameters these bounds.</summary>
    public static string Text(IEnumerable<(ParameterDeclaration<BarrierLimit> Parameter, BarrierLimit Value)> bounds)
        => string.Concat(bounds.Select(bound => $"{bound.Parameter.Key}=\"{bound.Parameter.TypedKind.Format(bound.Value)}\"\n"));

    public static string Packaged(string sample)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Insula.slnx")))
            directory = directory.Parent ?? throw new DirectoryNotFoundException("the tests do not run inside the repository");
        return File.ReadAllText(Path.Combine(directory.FullName, "packaging", "etc", "vz", "conf", $"ve-{sample}.conf-sample"));
    }
}

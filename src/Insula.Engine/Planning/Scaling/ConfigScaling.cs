using System.Globalization;
using Insula.Engine.Configuration;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Planning.Scaling;

/// <summary>Multiplies the resources of a configuration: what vzcfgscale does.</summary>
public static class ConfigScaling
{
    // What makes a container the one it is; a sample has none of it.
    private static readonly ParameterDeclaration[] Own =
    [
        NetworkParameters.HostName, NetworkParameters.Addresses, NetworkParameters.NameServers, NetworkParameters.SearchDomains,
        GeneralParameters.OsTemplate, GeneralParameters.Root, GeneralParameters.Private, GeneralParameters.Name, GeneralParameters.LocalUid,
        GeneralParameters.LocalGid,
    ];

    private static IEnumerable<ParameterDeclaration<BarrierLimit>> Beancounters => [.. BeancounterParameters.Resources, BeancounterParameters.AvNumProc];

    /// <summary>Scales the values of the configuration's own file; unlimited stays unlimited and 0 stays 0.</summary>
    /// <returns>The values that are now others.</returns>
    /// <exception cref="InsulaException">85: one of the values is bad; nothing is changed then.</exception>
    public static IReadOnlyList<ScaledValue> Scale(ContainerConfig config, ScaleFactors factors)
    {
        var steps = new List<(ScaledValue Value, Action Store)>();
        if (factors.Beancounters is { } memory)
            steps.AddRange(Bounds(config, Beancounters, memory));
        if (factors.Disk is { } disk)
            steps.AddRange(Bounds(config, [DiskParameters.DiskSpace, DiskParameters.DiskInodes], disk));
        if (factors.Cpu is { } cpu && config.IsSet(CpuParameters.CpuUnits))
            steps.Add(Units(config, cpu));
        if (factors.Network is { } network && config.File.Get("RATE") is { Length: > 0 } rate)
            steps.Add(Rate(config, rate, network));
        steps.RemoveAll(step => step.Value.Before == step.Value.After);
        foreach (var (_, store) in steps)
            store();
        return [.. steps.Select(step => step.Value)];
    }

    /// <summary>Takes what belongs to one container out of its file, so that it can be a sample.</summary>
    public static void RemoveOwn(ContainerConfig config)
    {
        foreach (var parameter in Own)
        {
            config.File.Remove(parameter.Key);
            foreach (var alias in parameter.KeyAliases)
                config.File.Remove(alias);
        }
    }

    private static IEnumerable<(ScaledValue Value, Action Store)> Bounds(
        ContainerConfig config, IEnumerable<ParameterDeclaration<BarrierLimit>> parameters, double factor)
    {
        foreach (var parameter in parameters)
        {
            if (!config.IsSet(parameter) || !config.TryGet(parameter, out var before))
                continue;
            var after = new BarrierLimit(Times(before.Barrier, factor), Times(before.Limit, factor));
            var kind = parameter.TypedKind;
            yield return (new ScaledValue(parameter.Key, kind.Format(before), kind.Format(after)), () => config.Set(parameter, after));
        }
    }

    private static (ScaledValue Value, Action Store) Units(ContainerConfig config, double factor)
    {
        var parameter = CpuParameters.CpuUnits;
        var before = config.Get(parameter);
        var after = Math.Clamp(Times(before, factor), CpuParameters.MinimumUnits, CpuParameters.MaximumUnits);
        return (new ScaledValue(parameter.Key, Text(before), Text(after)), () => config.Set(parameter, after));
    }

    // RATE="eth0:1:8 eth1:2:16:32": device, class of networks, kilobits per second out and, if there are four, in.
    private static (ScaledValue Value, Action Store) Rate(ContainerConfig config, string text, double factor)
    {
        var entries = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < entries.Length; i++)
        {
            var parts = entries[i].Split(':');
            if (parts.Length is not (3 or 4) || !parts.Skip(2).All(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                throw new InsulaException(ExitCode.InvalidConfig, $"Bad value {ValueKind.Quote(text)} for RATE in {config.File.Name}", "Accepted: DEVICE:CLASS:KBITS[:KBITS_IN]");
            entries[i] = string.Join(':', parts.Select((part, place) => place < 2 ? part : Text(Times(long.Parse(part, CultureInfo.InvariantCulture), factor))));
        }
        var after = string.Join(' ', entries);
        return (new ScaledValue("RATE", text, after), () => config.File.Set("RATE", after));
    }

    private static long Times(long value, double factor)
    {
        if (value == BarrierLimit.Unlimited)
            return value;
        var product = value * factor;
        return product >= BarrierLimit.Unlimited ? BarrierLimit.Unlimited : (long)product;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

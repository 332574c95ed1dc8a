using System.Globalization;
using Insula.Engine.Containers.Listing;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Cli.VzList;

/// <summary>Makes the fields of vzlist, a kind of value each.</summary>
internal static class FieldFactory
{
    /// <summary>The container's number.</summary>
    public static Field Ctid(string name) => new(name, "CTID", 10)
    {
        Text = container => container.Ctid.ToString(),
        Json = (json, container) => json.Number(container.Ctid.Value),
        Number = container => container.Ctid.Value,
    };

    /// <summary>running, stopped, mounted or suspended.</summary>
    public static Field Status()
    {
        static string Word(ListedContainer container) => container.State switch
        {
            ContainerState.Running => "running",
            ContainerState.Mounted => "mounted",
            ContainerState.Suspended => "suspended",
            _ => "stopped",
        };
        return new Field("status", "STATUS", -9) { Text = Word, Json = (json, container) => json.String(Word(container)), IsText = true };
    }

    /// <summary>The name, or the number of a container without one.</summary>
    public static Field SmartName()
    {
        static string Value(ListedContainer container) => container.Name ?? container.Ctid.ToString();
        return new Field("smart_name", "SMARTNAME", 10) { Text = Value, Json = (json, container) => json.String(Value(container)), IsText = true };
    }

    /// <summary>A parameter that is a line of text.</summary>
    public static Field Line(ParameterDeclaration<string> parameter)
        => Text(parameter.ListFields[0], container => container.Text(parameter));

    /// <summary>VE_ROOT or VE_PRIVATE.</summary>
    public static Field Directory(ParameterDeclaration<string> parameter)
        => Text(parameter.ListFields[0], container => container.PathOf(parameter));

    /// <summary>A key of the configuration file that has no declaration: it is shown as it stands there.</summary>
    public static Field Raw(string name, string header, int width, string key)
        => Text(new ListField(name, header, width), container => container.Config.File.Get(key) is { Length: > 0 } text ? text : null);

    /// <summary>IP_ADDRESS without masks.</summary>
    public static Field Addresses()
    {
        static IReadOnlyList<string>? Value(ListedContainer container)
        {
            if (!container.Config.TryPeek(NetworkParameters.Addresses, out var entries))
                return null;
            var addresses = new string[entries.Count];
            for (var i = 0; i < addresses.Length; i++)
                addresses[i] = entries[i].Split('/', 2)[0];
            return addresses;
        }
        return List(NetworkParameters.Addresses.ListFields[0], Value);
    }

    /// <summary>A parameter that is a list.</summary>
    public static Field TextList(ParameterDeclaration<IReadOnlyList<string>> parameter)
        => List(parameter.ListFields[0], container => container.Config.TryPeek(parameter, out var entries) ? entries : null);

    /// <summary>What is held of a beancounter; its JSON is the whole beancounter.</summary>
    public static Field Beancounter(ParameterDeclaration<BarrierLimit> resource)
    {
        var field = resource.ListFields[0];
        return Whole(field.Name, field.Header, field.Width, container => container.Usage(resource)?.Held) with
        {
            Json = (json, container) =>
            {
                var usage = container.Usage(resource) ?? ResourceUsage.None;
                var bounds = container.Bounds(resource);
                json.Numbers(
                    ("held", usage.Held), ("maxheld", usage.MaxHeld), ("barrier", bounds?.Barrier), ("limit", bounds?.Limit), ("failcnt", usage.FailCount));
            },
        };
    }

    /// <summary>A beancounter's five columns.</summary>
    public static void AddBeancounter(List<Field> fields, ParameterDeclaration<BarrierLimit> resource)
    {
        var (name, header, width) = resource.ListFields[0];
        fields.Add(Beancounter(resource));
        fields.Add(Whole($"{name}.m", $"{header}.M", width, container => container.Usage(resource)?.MaxHeld));
        fields.Add(Whole($"{name}.b", $"{header}.B", width, container => container.Bounds(resource)?.Barrier));
        fields.Add(Whole($"{name}.l", $"{header}.L", width, container => container.Bounds(resource)?.Limit));
        fields.Add(Whole($"{name}.f", $"{header}.F", width, container => container.Usage(resource)?.FailCount));
    }

    /// <summary>Use, soft and hard limit of the disk.</summary>
    public static void AddDisk(List<Field> fields, string name, string header, ParameterDeclaration<BarrierLimit> quota, Func<DiskUsage, long?> part)
    {
        const int Width = 10;
        long? Used(ListedContainer container) => container.Disk is { } usage ? part(usage) : null;
        fields.Add(Whole(name, header, Width, Used) with
        {
            Json = (json, container) =>
            {
                var bounds = Bounds(container, quota);
                json.Numbers(("usage", Used(container)), ("softlimit", bounds?.Barrier), ("hardlimit", bounds?.Limit));
            },
        });
        fields.Add(Whole($"{name}.s", $"{header}.S", Width, container => Bounds(container, quota)?.Barrier));
        fields.Add(Whole($"{name}.h", $"{header}.H", Width, container => Bounds(container, quota)?.Limit));
    }

    /// <summary>A parameter that is a whole number.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="unsetAsUnknown">True when a default of 0 stands for "not limited", which is shown as "-".</param>
    public static Field Number(ParameterDeclaration<long> parameter, bool unsetAsUnknown = false)
    {
        long? Value(ListedContainer container)
            => container.Config.TryPeek(parameter, out var number) && !(unsetAsUnknown && number == 0) ? number : null;
        var (name, header, width) = parameter.ListFields[0];
        return Whole(name, header, width, Value) with { Json = (json, container) => json.Number(Value(container)) };
    }

    /// <summary>A parameter that is yes or no.</summary>
    public static Field YesNo(ParameterDeclaration<bool> parameter)
        => Flag(parameter.ListFields[0], container => container.Config.TryPeek(parameter, out var value) ? value : null);

    /// <summary>Whether memory is configured the vswap way.</summary>
    public static Field Vswap()
        => Flag(new ListField("vswap", "VSWAP", 5), container => VswapRules.IsVswap(Bounds(container, BeancounterParameters.PhysPages)));

    /// <summary>A parameter that switches names on and off.</summary>
    public static Field Switches(ParameterDeclaration<SwitchSet> parameter, bool jsonObject)
    {
        var (name, header, width) = parameter.ListFields[0];
        SwitchSet? Value(ListedContainer container)
            => container.Config.TryPeek(parameter, out var switches) && switches.Switches.Count > 0 ? switches : null;
        string? Text(ListedContainer container) => Value(container) is { } switches ? parameter.TypedKind.Format(switches) : null;
        return new Field(name, header, width)
        {
            Text = Text,
            Json = (json, container) =>
            {
                if (jsonObject)
                    json.Switches(Value(container)?.Switches);
                else
                    json.String(Text(container));
            },
            IsText = true,
        };
    }

    /// <summary>A parameter that is a factor.</summary>
    public static Field Factor(ParameterDeclaration<double> parameter)
    {
        var (name, header, width) = parameter.ListFields[0];
        double? Value(ListedContainer container) => container.Config.TryPeek(parameter, out var factor) ? factor : null;
        return new Field(name, header, width)
        {
            Text = container => Value(container)?.ToString("0.###", CultureInfo.InvariantCulture),
            Json = (json, container) => json.Number(Value(container), decimals: 3),
            Number = Value,
        };
    }

    /// <summary>VE_LAYOUT.</summary>
    public static Field Layout()
    {
        var parameter = DiskParameters.Layout;
        return Text(
            parameter.ListFields[0],
            container => container.Config.TryPeek(parameter, out var layout) ? parameter.TypedKind.Format(layout) : null);
    }

    /// <summary>The load average, 0.25/0.10/0.05.</summary>
    public static Field LoadAverageField() => new("laverage", "LAVERAGE", 14)
    {
        Text = container => container.LoadAverage is { } load
            ? string.Create(CultureInfo.InvariantCulture, $"{load.One:F2}/{load.Five:F2}/{load.Fifteen:F2}")
            : null,
        Json = (json, container) =>
        {
            if (container.LoadAverage is { } load)
                json.Averages(load.One, load.Five, load.Fifteen);
            else
                json.String(null);
        },
        Number = container => container.LoadAverage?.One,
    };

    /// <summary>How long it has been running, 012d03h:04m:05s.</summary>
    public static Field Uptime() => new("uptime", "UPTIME", 15)
    {
        Text = container =>
        {
            if (container.UptimeSeconds is not { } seconds)
                return null;
            var time = TimeSpan.FromSeconds(Math.Floor(seconds));
            return string.Create(CultureInfo.InvariantCulture, $"{time.Days:000}d{time.Hours:00}h:{time.Minutes:00}m:{time.Seconds:00}s");
        },
        Json = (json, container) => json.Number(container.UptimeSeconds ?? 0, decimals: 3),
        Number = container => container.UptimeSeconds,
    };

    private static BarrierLimit? Bounds(ListedContainer container, ParameterDeclaration<BarrierLimit> parameter)
        => container.Config.TryPeek(parameter, out var bounds) ? bounds : null;

    private static Field Text(ListField field, Func<ListedContainer, string?> value) => new(field.Name, field.Header, field.Width)
    {
        Text = value,
        Json = (json, container) => json.String(value(container)),
        IsText = true,
    };

    private static Field List(ListField field, Func<ListedContainer, IReadOnlyList<string>?> value) => new(field.Name, field.Header, field.Width)
    {
        Text = container => value(container) is { Count: > 0 } entries ? string.Join(' ', entries) : null,
        Json = (json, container) => json.Strings(value(container) ?? []),
        IsText = true,
        IsList = true,
    };

    private static Field Flag(ListField field, Func<ListedContainer, bool?> value) => new(field.Name, field.Header, field.Width)
    {
        Text = container => value(container) is { } flag ? (flag ? "yes" : "no") : null,
        Json = (json, container) => json.Boolean(value(container)),
        IsText = true,
    };

    private static Field Whole(string name, string header, int width, Func<ListedContainer, long?> value) => new(name, header, width)
    {
        Text = container => value(container)?.ToString(CultureInfo.InvariantCulture),
        Number = container => value(container),
    };
}

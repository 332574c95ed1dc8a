using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Containers.Listing;

namespace Insula.Cli.VzList;

/// <summary><c>vzlist [options] [CTID|NAME...]</c>.</summary>
internal sealed class VzListProgram
{
    private const string HelpHint = "vzlist --help";

    private readonly CliHost _host;
    private readonly ParsedArguments _arguments;

    private VzListProgram(ParsedArguments arguments, CliHost host)
    {
        _arguments = arguments;
        _host = host;
    }

    /// <summary>Runs vzlist.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="invalid">The index of the first argument that is not UTF-8, or -1.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(IReadOnlyList<string> words, int invalid, CliHost host)
    {
        using var reporter = new ConsoleReporter(host.Output, host.Error, quiet: false, host.IsTerminal);
        return ErrorGuard.Run(reporter, () => 0, () =>
        {
            if (invalid >= 0)
                throw new InsulaException(ExitCode.BadSyntax, $"Argument {invalid + 1}, \"{words[invalid]}\", is not UTF-8 text");
            var arguments = OptionParser.Parse(words, VzListOptions.All, HelpHint);
            return new VzListProgram(arguments, host).Run();
        });
    }

    private int Run()
    {
        if (_arguments.Has(VzListOptions.Help))
        {
            UsageText.WriteProgram(_host.Output, Manuals.VzList());
            return 0;
        }
        if (_arguments.Has(VzListOptions.Version))
        {
            _host.Output.WriteLine(ProductVersion.LineOf("vzlist"));
            return 0;
        }
        if (_arguments.Error is { } error)
            throw error;
        if (_arguments.Has(VzListOptions.ListFields))
            return ShowFields();
        var fields = Columns();
        var order = SortOrder();
        RootCheck.Demand(_host, "vzlist");
        return Show(order is { } sort ? Sort(Wanted(), sort.Field, sort.Reverse) : Wanted(), fields);
    }

    private int ShowFields()
    {
        _host.Output.WriteLine($"{"Field",-15} Header");
        foreach (var field in FieldTable.Shown())
            _host.Output.WriteLine($"{field.Name,-15} {field.Header}");
        return 0;
    }

    private bool IsJson => _arguments.Has(VzListOptions.Json);

    /// <summary>The fields to show; null: all that JSON has.</summary>
    private List<Field>? Columns()
    {
        // The last of -o and -1 counts.
        string? names = null;
        foreach (var given in _arguments.Options)
        {
            if (given.Option == VzListOptions.NumbersOnly)
                names = "ctid";
            else if (given.Option == VzListOptions.Fields)
                names = given.Value;
        }
        if (names is null && IsJson)
            return null;
        names ??= _arguments.Has(VzListOptions.NameColumn) ? FieldTable.DefaultByName : FieldTable.Default;
        var fields = new List<Field>();
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            fields.Add(FindField(name));
        return fields.Count > 0 ? fields : throw new InsulaException(ExitCode.BadSyntax, "No field is named after -o", "See vzlist -L");
    }

    private Field FindField(string name)
    {
        var field = FieldTable.Find(name) ?? throw new InsulaException(ExitCode.BadSyntax, $"Unknown field: {name}", "See vzlist -L");
        if (IsJson && field.Json is null)
            throw new InsulaException(ExitCode.BadSyntax, $"Field {name} cannot be shown as JSON", $"Ask for {name.Split('.')[0]}, which holds it");
        return field;
    }

    private (Field Field, bool Reverse)? SortOrder()
    {
        if (_arguments.ValueOf(VzListOptions.Sort) is not { } text)
            return null;
        var reverse = text.StartsWith('-');
        var name = reverse ? text[1..] : text;
        var field = FieldTable.Find(name) ?? throw new InsulaException(ExitCode.BadSyntax, $"Unknown field: {name}", "See vzlist -L");
        return (field, reverse);
    }

    private IEnumerable<ListedContainer> Wanted()
    {
        foreach (var container in Candidates(_host.Engines.OpenListing(_host.Global)))
        {
            if (IsWanted(container))
                yield return container;
        }
    }

    private IEnumerable<ListedContainer> Candidates(ContainerListing listing)
    {
        if (_arguments.Operands.Count == 0)
            return listing.All();
        var named = new SortedDictionary<int, ListedContainer>();
        foreach (var operand in _arguments.Operands)
        {
            if (listing.Find(operand) is { } container)
                named[container.Ctid.Value] = container;
        }
        return named.Values;
    }

    private bool IsWanted(ListedContainer container)
    {
        var stopped = _arguments.Has(VzListOptions.Stopped);
        if (stopped && container.IsRunning)
            return false;
        // A container that is named is wanted whether it runs or not.
        var any = stopped || _arguments.Has(VzListOptions.AllContainers) || _arguments.Operands.Count > 0;
        if (!any && !container.IsRunning)
            return false;
        return Matches(VzListOptions.HostName, () => container.HostName)
            && Matches(VzListOptions.NameFilter, () => container.Name)
            && Matches(VzListOptions.Description, () => container.Description);
    }

    private bool Matches(Option pattern, Func<string?> text)
        => _arguments.ValueOf(pattern) is not { } wanted || (text() is { } known && FnMatch.IsMatch(wanted, known));

    private static List<ListedContainer> Sort(IEnumerable<ListedContainer> wanted, Field field, bool reverse)
    {
        List<ListedContainer> containers = [.. wanted];
        var sign = reverse ? -1 : 1;
        containers.Sort((one, other) =>
        {
            var order = field.Number is { } number
                ? Nullable.Compare(number(one), number(other))
                : string.CompareOrdinal(field.Text(one), field.Text(other));
            return order != 0 ? sign * order : sign * one.Ctid.CompareTo(other.Ctid);
        });
        return containers;
    }

    private int Show(IEnumerable<ListedContainer> containers, List<Field>? fields)
    {
        if (IsJson ? ShowJson(containers, fields) : ShowTable(containers, fields!))
            return 0;
        _host.Error.WriteLine("Container(s) not found");
        return _arguments.Operands.Count > 0 ? 1 : 0;
    }

    /// <returns>False when there is no container.</returns>
    private bool ShowTable(IEnumerable<ListedContainer> containers, List<Field> fields)
    {
        var header = !_arguments.Has(VzListOptions.NoHeader) && !_arguments.Has(VzListOptions.NumbersOnly);
        var trim = !_arguments.Has(VzListOptions.NoTrim);
        var any = false;
        foreach (var container in containers)
        {
            if (!any && header)
                TableWriter.WriteHeader(_host.Output, fields);
            any = true;
            TableWriter.WriteRow(_host.Output, fields, container, trim);
        }
        return any;
    }

    /// <returns>False when there is no container.</returns>
    private bool ShowJson(IEnumerable<ListedContainer> containers, List<Field>? fields)
    {
        fields ??= FieldTable.All().FindAll(field => field.Json is not null);
        var json = new JsonText(_host.Output);
        var any = false;
        json.Begin();
        foreach (var container in containers)
        {
            any = true;
            json.BeginContainer();
            foreach (var field in fields)
            {
                json.Name(field.Name);
                field.Json!(json, container);
            }
            json.EndContainer();
        }
        json.End();
        return any;
    }
}

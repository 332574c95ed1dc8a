using System.Globalization;
using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Shared;
using Insula.Engine.Containers;

namespace Insula.Cli.VzUbc;

/// <summary><c>vzubc [options] [CTID|NAME...]</c>: beancounters for people.</summary>
internal sealed class VzUbcProgram
{
    private const double DefaultInterval = 2;

    private readonly CliHost _host;
    private readonly ParsedArguments _arguments;

    private VzUbcProgram(ParsedArguments arguments, CliHost host)
    {
        _arguments = arguments;
        _host = host;
    }

    /// <summary>Runs vzubc.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="invalid">The index of the first argument that is not UTF-8, or -1.</param>
    /// <param name="host">The process around it.</param>
    /// <returns>0, or 1 for whatever was wrong.</returns>
    public static int Run(IReadOnlyList<string> words, int invalid, CliHost host)
    {
        using var reporter = new ConsoleReporter(host.Output, host.Error, quiet: false, host.IsTerminal);
        var code = ErrorGuard.Run(reporter, () => 0, () =>
        {
            if (invalid >= 0)
                throw new InsulaException(ExitCode.BadSyntax, $"Argument {invalid + 1}, \"{words[invalid]}\", is not UTF-8 text");
            return new VzUbcProgram(VzUbcOptions.Parse(words), host).Run();
        });
        return code == 0 ? 0 : 1;
    }

    private int Run()
    {
        if (_arguments.Has(VzUbcOptions.Help))
        {
            UsageText.WriteProgram(_host.Output, Manuals.VzUbc());
            return 0;
        }
        if (_arguments.Has(VzUbcOptions.Version))
        {
            _host.Output.WriteLine(ProductVersion.LineOf("vzubc"));
            return 0;
        }
        if (_arguments.Error is { } error)
            throw error;
        if (_arguments.Has(VzUbcOptions.Color) && _arguments.Has(VzUbcOptions.Watch))
            throw new InsulaException(ExitCode.BadSyntax, "--color and --watch do not go together");
        if (FileName is null)
            RootCheck.Demand(_host, "vzubc");
        if (_arguments.Has(VzUbcOptions.Mechanisms))
            return ShowMechanisms();
        if (_arguments.Has(VzUbcOptions.Shared))
            return ShowShared();
        var show = Style();
        Clear();
        if (_arguments.Has(VzUbcOptions.Watch))
            Watch(show);
        else
            Show(_host.Output, show);
        return 0;
    }

    private string? FileName => _arguments.ValueOf(VzUbcOptions.FromFile);

    private SavedBeancounters Refusals => new(StoreDirectory, "failcnt");

    private SavedBeancounters Held => new(StoreDirectory, "held");

    private string StoreDirectory => _arguments.ValueOf(VzUbcOptions.RelativeDirectory) ?? _arguments.ValueOf(VzUbcOptions.IncrementalDirectory)
        ?? Path.Combine(_host.Global.Layout.RunDirectory, "vzubc");

    private UbcTableStyle Style() => new()
    {
        Quiet = _arguments.Has(VzUbcOptions.Quiet),
        Verbose = _arguments.Has(VzUbcOptions.Verbose),
        Color = _arguments.Has(VzUbcOptions.Color),
        CloseHeld = Decimal(VzUbcOptions.QuietHeld) ?? new UbcTableStyle().CloseHeld,
        CloseMaxHeld = Decimal(VzUbcOptions.QuietMaxHeld) ?? new UbcTableStyle().CloseMaxHeld,
    };

    private double? Decimal(Option option)
    {
        if (_arguments.ValueOf(option) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new InsulaException(ExitCode.BadValue, $"Bad value \"{text}\" for {option.Shown}", "Accepted: a decimal number");
    }

    private void Clear()
    {
        if (_arguments.Has(VzUbcOptions.RelativeClear))
            Refusals.Clear();
        if (_arguments.Has(VzUbcOptions.IncrementalClear))
            Held.Clear();
    }

    private int ShowMechanisms()
    {
        var mechanisms = Mechanisms().All;
        if (_arguments.Has(VzUbcOptions.Json))
        {
            _host.Output.WriteLine(UbcJson.Of(mechanisms));
            return 0;
        }
        _host.Output.WriteLine($"{"RESOURCE",-12} {"MECHANISM",-11} BY");
        foreach (var mechanism in mechanisms)
            _host.Output.WriteLine($"{mechanism.Resource.Name,-12} {mechanism.Word,-11} {mechanism.Explanation}");
        return 0;
    }

    private int ShowShared()
    {
        if (FileName is not null)
            throw new InsulaException(ExitCode.BadSyntax, "--shared looks at this host and reads no file");
        var memory = _host.Engines.ReadSharedMemory(_host.Global);
        var wanted = _arguments.Operands.Count == 0 ? null : Wanted();
        bool IsWanted(SharedMemoryRow row) => wanted is null || wanted.Contains(row.Ctid);
        if (_arguments.Has(VzUbcOptions.Json))
            _host.Output.WriteLine(UbcJson.Of(memory, IsWanted));
        else
            SharedTable.Write(_host.Output, memory, IsWanted);
        return 0;
    }

    private BeancounterMechanisms Mechanisms() => _host.Engines.OpenMechanisms(_host.Global);

    private void Watch(UbcTableStyle style)
    {
        var seconds = Decimal(VzUbcOptions.WatchInterval) ?? DefaultInterval;
        if (seconds is < 0.1 or > 86400)
            throw new InsulaException(ExitCode.BadValue, "Bad value for --watch-interval", "Accepted: seconds, 0.1 to 86400");
        var title = _arguments.Has(VzUbcOptions.WatchNoTitle) ? null : string.Create(CultureInfo.InvariantCulture, $"Every {seconds:0.0}s: vzubc");
        new UbcWatch(_host.Output, TimeSpan.FromSeconds(seconds), title, _arguments.Has(VzUbcOptions.WatchDifferences)).Run(() =>
        {
            using var text = new StringWriter();
            Show(text, style);
            return text.ToString();
        });
    }

    private void Show(TextWriter output, UbcTableStyle style)
    {
        var beancounters = Read();
        if (_arguments.Has(VzUbcOptions.Json))
            output.WriteLine(UbcJson.Of(beancounters, FileName is null ? Mechanisms() : null));
        else if (_arguments.Has(VzUbcOptions.Proc))
            output.Write(BeancounterFile.UserBeancounters(beancounters));
        else if (_arguments.Has(VzUbcOptions.Resources))
            output.Write(BeancounterFile.Resources(beancounters));
        else
            ShowTable(output, beancounters, style);
    }

    private void ShowTable(TextWriter output, IReadOnlyList<Beancounter> beancounters, UbcTableStyle style)
    {
        var (relative, incremental) = (_arguments.Has(VzUbcOptions.Relative), _arguments.Has(VzUbcOptions.Incremental));
        var table = new UbcTable(output, style with
        {
            RefusalsBefore = relative ? Refusals.Load() : null,
            HeldBefore = incremental ? Held.Load() : null,
        });
        foreach (var beancounter in beancounters)
            table.Write(beancounter);
        if (relative)
            Refusals.Save(beancounters);
        if (incremental)
            Held.Save(beancounters);
    }

    private IReadOnlyList<Beancounter> Read()
    {
        if (FileName is { } file)
            return Chosen(BeancounterFileParser.Parse(ReadFile(file), file == "-" ? "standard input" : file));
        var reader = _host.Engines.OpenBeancounters(_host.Global);
        if (_arguments.Operands.Count == 0)
            return reader.ReadAll();
        var found = new List<Beancounter>();
        foreach (var ctid in Wanted())
        {
            if (reader.Read(ctid) is { } beancounter)
                found.Add(beancounter);
        }
        return found;
    }

    private string ReadFile(string file)
    {
        if (file != "-")
            return File.ReadAllText(file);
        using var input = _host.Input();
        return input.ReadToEnd();
    }

    private IReadOnlyList<Beancounter> Chosen(IReadOnlyList<Beancounter> all)
    {
        if (_arguments.Operands.Count == 0)
            return all;
        var wanted = Wanted();
        return [.. all.Where(beancounter => wanted.Contains(beancounter.Ctid))];
    }

    // What is no container is passed over.
    private SortedSet<Ctid> Wanted()
    {
        var wanted = new SortedSet<Ctid>();
        foreach (var operand in _arguments.Operands)
        {
            if (Ctid.TryParse(operand, out var ctid))
                wanted.Add(ctid);
            else if (FindByName(operand) is { } named)
                wanted.Add(named);
        }
        return wanted;
    }

    private Ctid? FindByName(string name)
    {
        try
        {
            return _host.Engines.OpenListing(_host.Global).Find(name)?.Ctid;
        }
        catch (InsulaException error) when (error.Code == ExitCode.BadValue)
        {
            return null;
        }
    }
}

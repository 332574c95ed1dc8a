using System.Globalization;
using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Containers;
using Insula.Engine.Quotas;
using static Insula.Cli.VzQuota.VzQuotaOptions;

namespace Insula.Cli.VzQuota;

/// <summary><c>vzquota [flags] COMMAND ID [options]</c>.</summary>
internal sealed class VzQuotaProgram
{
    private const string HelpHint = "vzquota --help";

    private readonly CliHost _host;
    private readonly ParsedArguments _flags;
    private readonly ParsedArguments _arguments;
    private readonly IQuotaEngine _engine;

    private VzQuotaProgram(CliHost host, ParsedArguments flags, ParsedArguments arguments, IQuotaEngine engine)
    {
        _host = host;
        _flags = flags;
        _arguments = arguments;
        _engine = engine;
    }

    /// <summary>The commands, for help.</summary>
    public static IReadOnlyList<(string Name, string Help)> Commands { get; } =
    [
        ("init", "Count what is in the private area and note the limits; needs -p and all limits."),
        ("drop", "Remove the note."),
        ("on", "Put the noted limits into force."),
        ("off", "Take the limits away and note the usage."),
        ("setlimit", "Change limits."),
        ("setlimit2", "Limit a user or group inside: -u UID|-g GID BSOFT BHARD ISOFT IHARD; with -t the grace times: [-u|-g] BTIME ITIME."),
        ("reload2", "Check that limits of users and groups are in force."),
        ("stat", "Show what the kernel says now, and note it."),
        ("show", "Show what was noted last."),
    ];

    /// <summary>Runs vzquota.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="invalid">The index of the first argument that is not UTF-8, or -1.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(IReadOnlyList<string> words, int invalid, CliHost host)
        => QuotaProgramFrame.Run("vzquota", words, Manuals.VzQuota, Flags, host, (flags, rest, reporter) =>
        {
            QuotaProgramFrame.RequireText(words, invalid);
            if (rest.Count == 0)
                throw new VzQuotaException(VzQuotaExit.Usage, "No command is given", $"See {HelpHint}");
            var grace = rest[0] == "setlimit2" && rest.Contains("-t");
            var arguments = OptionParser.Parse(Words.After(rest, 1), grace ? OfGrace : OfCommands, HelpHint);
            if (arguments.Error is { } error)
                throw new VzQuotaException(VzQuotaExit.Usage, error.Message, error.Hint);
            var program = new VzQuotaProgram(host, flags, arguments, host.Engines.OpenQuotas(host.Global, reporter));
            return program.Run(rest[0], QuotaProgramFrame.IdOf(arguments));
        });

    private int Run(string command, Ctid id)
    {
        switch (command)
        {
            case "init":
                _engine.Initialize(id, Request());
                break;
            case "drop":
                _engine.Drop(id, _arguments.Has(Force));
                break;
            case "on":
                _engine.TurnOn(id, Request());
                break;
            case "off":
                _engine.TurnOff(id, _arguments.Has(Force));
                break;
            case "setlimit":
                _engine.SetLimits(id, Request());
                break;
            case "setlimit2":
                SetSecondLevel(id);
                break;
            case "reload2":
                _engine.ReloadUsers(id);
                break;
            case "stat":
                Show(_engine.Stat(id, _arguments.Has(Users), note: !_arguments.Has(Force)), current: _arguments.Has(Force));
                break;
            case "show":
                Show(_engine.Show(id, _arguments.Has(Users)), current: false);
                break;
            default:
                throw new VzQuotaException(VzQuotaExit.Usage, $"Bad command: {command}", $"See {HelpHint}");
        }
        return 0;
    }

    private void Show(QuotaReport report, bool current)
    {
        var table = new QuotaTable(_host.Output, _flags.Has(Batch), _host.Now());
        table.WriteState(report.State);
        if (_arguments.Has(Users))
            table.WriteUsers(report, current);
    }

    private void SetSecondLevel(Ctid id)
    {
        if (_arguments.Has(Users))
        {
            QuotaHolder? kind = _arguments.Has(AllUsers) ? QuotaHolder.User : _arguments.Has(AllGroups) ? QuotaHolder.Group : null;
            var times = Operands(2, "setlimit2 -t needs BTIME and ITIME");
            _engine.SetUserGrace(id, kind, QuotaTime.Parse("BTIME", times[0]), QuotaTime.Parse("ITIME", times[1]));
            return;
        }
        var user = NumberOf(UgidLimit);
        var group = NumberOf(Group);
        if ((user == null) == (group == null))
            throw new VzQuotaException(VzQuotaExit.Usage, "Either a user (-u) or a group (-g) is to be given", $"See {HelpHint}");
        var limits = Operands(4, "setlimit2 needs BSOFT, BHARD, ISOFT and IHARD").ConvertAll(text => Number("a limit", text));
        _engine.SetUserLimits(
            id, new QuotaSubject(user != null ? QuotaHolder.User : QuotaHolder.Group, (uint)(user ?? group ?? 0)),
            DiskLimits.None with { SoftKiB = limits[0], HardKiB = limits[1], SoftInodes = limits[2], HardInodes = limits[3] });
    }

    private List<string> Operands(int count, string message)
        => _arguments.Operands.Count == count + 1 ? _arguments.Operands.GetRange(1, count) : throw new VzQuotaException(VzQuotaExit.Usage, message, $"See {HelpHint}");

    private QuotaRequest Request()
    {
        var request = new QuotaRequest
        {
            SoftKiB = NumberOf(SoftSpace),
            HardKiB = NumberOf(HardSpace),
            SoftInodes = NumberOf(SoftInodes),
            HardInodes = NumberOf(HardInodes),
            SpaceGrace = TimeOf(SpaceTime),
            InodeGrace = TimeOf(InodeTime),
            Path = _arguments.ValueOf(VzQuotaOptions.Path),
            UserQuota = NumberOf(SubQuotas) is { } on ? on != 0 : null,
            UgidLimit = NumberOf(UgidLimit),
            Force = _arguments.Has(Force),
        };
        if (IsAbove(request.SoftKiB, request.HardKiB) || IsAbove(request.SoftInodes, request.HardInodes))
            throw new VzQuotaException(VzQuotaExit.Usage, "A soft limit is above its hard limit");
        return request;
    }

    private static bool IsAbove(long? soft, long? hard) => soft is { } low && hard is > 0 and { } high && low > high;

    private long? NumberOf(Option option) => _arguments.ValueOf(option) is { } text ? Number($"-{option.Letter}", text) : null;

    private long? TimeOf(Option option) => _arguments.ValueOf(option) is { } text ? QuotaTime.Parse($"-{option.Letter}", text) : null;

    private static long Number(string subject, string text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= uint.MaxValue * 1024L
            ? number
            : throw new VzQuotaException(VzQuotaExit.Usage, $"Bad number \"{text}\" for {subject}", "Accepted: a whole number");
}

using Insula.Cli.Options;
using Insula.Engine;
using Insula.Engine.Templates;
using Insula.Engine.Templates.Building;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class TemplateCreateCommand : InsulaCommand
{
    private static readonly Option Suite = new("suite", "Build this suite of Debian instead of the one the name stands for") { Argument = "SUITE" };
    private static readonly Option Mirror = new("mirror", "Take packages from this mirror; without it from the host's own") { Argument = "URL" };
    private static readonly Option SecurityMirror = new("security-mirror", "Take security updates from this mirror") { Argument = "URL" };
    private static readonly Option Components = new("components", "Components of the archive; main if not given") { Argument = "NAME[,NAME...]" };
    private static readonly Option Include = new("include", "Install these packages too; may be repeated") { Argument = "PACKAGE[,PACKAGE...]" };
    private static readonly Option Init = new("init", "Which init; systemd if not given") { Argument = "systemd|sysvinit", Choices = ["systemd", "sysvinit"] };
    private static readonly Option As = new("name", "Call the template so") { Argument = "NAME" };
    private static readonly Option Force = new("force", "Replace a template of that name");

    public override string Name => "template create";

    public override string Operands => "debian-13|debian-12|debian-11|busybox";

    public override string Summary => "Build a template";

    public override IReadOnlyList<string> Notes => ["Debian templates are built by mmdebstrap and hold init, ssh server, cron, syslog and apt, without host keys or machine id."];

    public override IReadOnlyList<Option> Options { get; } = [Suite, Mirror, SecurityMirror, Components, Include, Init, As, Force];

    public override int OperandCount => 1;

    public override bool IsCancellable => true;

    public override int Run(InsulaCall call)
    {
        var arguments = call.Arguments;
        var options = new TemplateBuildOptions
        {
            Name = arguments.ValueOf(As) is { } name ? TemplateName.Parse(name) : null,
            Replace = arguments.Has(Force),
            Init = InitOf(arguments.ValueOf(Init)),
            Suite = arguments.ValueOf(Suite),
            Mirror = arguments.ValueOf(Mirror),
            SecurityMirror = arguments.ValueOf(SecurityMirror),
            Components = Split(arguments.ValuesOf(Components)),
            Packages = Split(arguments.ValuesOf(Include)),
            Cancellation = call.Cancellation,
        };
        var kind = TemplateKind.Parse(arguments.Operands[0]);
        var template = new TemplateBuilder(call.OpenLayers()).Build(kind, options, call.ShowProgress);
        call.Reporter.Info($"Template {template.Name} was created: {template.Path}, {SizeText.Of(template.Bytes)}");
        return 0;
    }

    private static TemplateInit InitOf(string? text) => text switch
    {
        null or "systemd" => TemplateInit.Systemd,
        "sysvinit" => TemplateInit.SysVinit,
        _ => throw new InsulaException(ExitCode.BadValue, $"Bad value \"{text}\" for --init", "Accepted: systemd or sysvinit"),
    };

    private static List<string> Split(List<string> values)
    {
        var words = new List<string>();
        foreach (var value in values)
            words.AddRange(value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return words;
    }
}

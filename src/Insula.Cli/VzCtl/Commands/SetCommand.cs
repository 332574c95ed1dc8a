using Insula.Cli.Options;
using Insula.Engine;
using Insula.Engine.Containers;

namespace Insula.Cli.VzCtl.Commands;

internal sealed class SetCommand : VzCtlCommand
{
    private static readonly Option Save = new("save", "Write the changes to the configuration file");
    private static readonly Option Force = new("force", "Save also what cannot be applied");
    private static readonly Option Mode = new("setmode", "What to do when a change needs a restart") { Argument = "restart|ignore", Choices = ["restart", "ignore"] };
    private static readonly Option ApplySample = new("applyconfig", "Take the parameters of the sample ve-NAME.conf-sample") { Argument = "NAME" };
    private static readonly Option ResetBeancounters = new("reset_ub", "Apply the stored beancounters anew; no other option may be given");
    private static readonly Option OfflineResize = new("offline-resize", "Refuse --diskspace unless the container is stopped and not mounted") { Aliases = ["offline"] };
    private static readonly Option SkipDetection = new("skip_arpdetect", "Do not ask on the network whether somebody has the addresses of --ipadd");
    private static readonly Option[] Own = [Save, Force, Mode, ApplySample, ResetBeancounters, OfflineResize, SkipDetection];

    private IReadOnlyList<Option>? _options;

    public override string Name => "set";

    public override string Summary => "Change parameters of a container, also while it runs";

    public override IReadOnlyList<string> Notes =>
    [
        "A running container is changed at once; --save also stores the change. Of a stopped container only the file is changed. If something cannot be applied, nothing is stored.",
        "N[:N] is barrier and limit; one number sets both. Numbers take one of the suffixes T G M K P B (P: pages of 4096 bytes) unless things are counted, and unlimited. CT 0 is the host.",
    ];

    public override IReadOnlyList<Option> Options => _options ??= [.. Own, .. ParameterOptions.OfSet()];

    public override bool AllowsHost => true;

    public override int Run(VzCtlCall call)
    {
        var arguments = call.Arguments;
        var mode = arguments.ValueOf(Mode);
        if (mode is not (null or "restart" or "ignore"))
            throw new InsulaException(ExitCode.BadValue, $"Bad value \"{mode}\" for --setmode", "Accepted: restart or ignore");
        var request = new SetRequest
        {
            Options = ParameterOptions.Values(arguments, Own),
            Save = arguments.Has(Save),
            Force = arguments.Has(Force),
            Mode = mode,
            ApplySample = arguments.ValueOf(ApplySample),
            ResetBeancounters = arguments.Has(ResetBeancounters),
            SkipAddressDetection = arguments.Has(SkipDetection),
            OfflineResize = arguments.Has(OfflineResize),
        };
        return VzCtlCall.Done(() => call.Engine.Set(call.Ctid, request));
    }
}

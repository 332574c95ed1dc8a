using System.Globalization;
using Insula.Cli.Options;
using Insula.Engine;
using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Cli.VzCtl.Commands;

internal sealed class CreateCommand : VzCtlCommand
{
    private static readonly Option Sample = new("config", "Take the configuration from the sample ve-NAME.conf-sample") { Argument = "NAME" };

    private IReadOnlyList<Option>? _options;

    public override string Name => "create";

    public override string Summary => "Make a container from a template";

    public override IReadOnlyList<string> Notes =>
    [
        "Without --ostemplate the template is that of the sample, else DEF_OSTEMPLATE of vz.conf. A configuration that is already there is used as it is; --config is then an error.",
    ];

    public override IReadOnlyList<Option> Options => _options ??= [Sample, .. ParameterOptions.OfCreate()];

    public override bool IsCancellable => true;

    public override int Run(VzCtlCall call)
    {
        var arguments = call.Arguments;
        var request = new CreateRequest
        {
            Sample = arguments.ValueOf(Sample),
            Template = ValueOf(arguments, GeneralParameters.OsTemplate.Options[0].Name),
            Layout = ValueOf(arguments, DiskParameters.Layout.Options[0].Name),
            Private = ValueOf(arguments, GeneralParameters.Private.Options[0].Name),
            Root = ValueOf(arguments, GeneralParameters.Root.Options[0].Name),
            LocalUid = IdOf(arguments, GeneralParameters.LocalUid.Options[0].Name),
            LocalGid = IdOf(arguments, GeneralParameters.LocalGid.Options[0].Name),
            Options = OtherValues(arguments),
        };
        return VzCtlCall.Done(() => call.Engine.Create(call.Ctid, request));
    }

    private List<OptionValue> OtherValues(ParsedArguments arguments)
    {
        string[] named =
        [
            GeneralParameters.OsTemplate.Options[0].Name, DiskParameters.Layout.Options[0].Name, GeneralParameters.Private.Options[0].Name,
            GeneralParameters.Root.Options[0].Name, GeneralParameters.LocalUid.Options[0].Name, GeneralParameters.LocalGid.Options[0].Name,
        ];
        var values = ParameterOptions.Values(arguments, [Sample]);
        values.RemoveAll(value => Array.IndexOf(named, value.Name) >= 0);
        return values;
    }

    private string? ValueOf(ParsedArguments arguments, string name)
    {
        foreach (var option in Options)
        {
            if (option.Name == name)
                return arguments.ValueOf(option);
        }
        return null;
    }

    private uint? IdOf(ParsedArguments arguments, string name)
    {
        if (ValueOf(arguments, name) is not { } text)
            return null;
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new InsulaException(ExitCode.BadValue, $"Bad value \"{text}\" for --{name}", $"Accepted: a number from 0 to {uint.MaxValue}");
    }
}

using Insula.Engine.Parameters.Kinds;
using static Insula.Engine.Parameters.Catalog.Grammar;

namespace Insula.Engine.Parameters.Catalog;

/// <summary>What a container is called, where it comes from and when it starts.</summary>
public static class GeneralParameters
{
    public static readonly ParameterDeclaration<string> Name = new("NAME", new ContainerNameKind(), ParameterGroup.General,
        "Name that may be used wherever a CTID may")
    {
        Change = ChangeMoment.FileOnly,
        NeedsSave = true,
        GlobalDefault = false,
        Options = [new("name", "NAME", "Give the container a name; an empty one removes it") { OnCreate = true }],
        ListFields = [new("name", "NAME", -32)],
    };

    public static readonly ParameterDeclaration<string> Description = new("DESCRIPTION", new LineKind(1024), ParameterGroup.General,
        "Free text about the container")
    {
        Change = ChangeMoment.FileOnly,
        GlobalDefault = false,
        Options = [new("description", "TEXT", "Describe the container") { OnCreate = true }],
        ListFields = [new("description", "DESCRIPTION", -32)],
    };

    public static readonly ParameterDeclaration<bool> OnBoot = new("ONBOOT", YesNo, ParameterGroup.General,
        "Whether to start when the host boots; unset: if it ran before")
    {
        Change = ChangeMoment.FileOnly,
        Options = [new("onboot", "yes|no", "Start the container when the host boots")],
        ListFields = [new("onboot", "ONBOOT", 6)],
    };

    public static readonly ParameterDeclaration<long> BootOrder = new("BOOTORDER", new IntegerKind(0, uint.MaxValue), ParameterGroup.General,
        "Order of starting at boot; larger numbers start earlier, unset ones last")
    {
        Change = ChangeMoment.FileOnly,
        GlobalDefault = false,
        Options = [new("bootorder", "N", "Start earlier at boot than containers with smaller numbers")],
        ListFields = [new("bootorder", "BOOTORDER", 10)],
    };

    /// <summary>What <see cref="OnCrash"/> says of a container that is to be started again.</summary>
    public const string Restart = "restart";

    public static readonly ParameterDeclaration<string> OnCrash = new("ONCRASH", new ChoiceKind("stop", Restart), ParameterGroup.General,
        "What insulad does when the container's init is killed or ends with an error")
    {
        Change = ChangeMoment.FileOnly,
        Default = "stop",
        Options = [new("oncrash", "stop|restart", "Whether insulad starts the container again when its init is killed or ends with an error")],
        ListFields = [new("oncrash", "ONCRASH", -7)],
    };

    public static readonly ParameterDeclaration<bool> Disabled = new("DISABLED", YesNo, ParameterGroup.General,
        "Whether the container refuses to start")
    {
        Change = ChangeMoment.FileOnly,
        Default = "no",
        Options = [new("disabled", "yes|no", "Refuse to start the container except with start --force")],
        ListFields = [new("disabled", "DISABL", 6)],
    };

    public static readonly ParameterDeclaration<long> StopTimeout = new("STOP_TIMEOUT", Seconds, ParameterGroup.General,
        "How long a stop waits before it kills; 0: the default")
    {
        Change = ChangeMoment.FileOnly,
        NeedsSave = true,
        Unit = "seconds",
        Default = "120",
        Options = [new("stop-timeout", "SECONDS", "How long a stop waits before it kills; 0: the default")],
    };

    public static readonly ParameterDeclaration<string> OsTemplate = new("OSTEMPLATE", FileName, ParameterGroup.General,
        "Template the container was made from; chooses the distribution's scripts")
    {
        Change = ChangeMoment.FileOnly,
        NeedsSave = true,
        GlobalDefault = false,
        Options = [new("ostemplate", "NAME", "Template to create from; later: whose scripts to use") { OnCreate = true }],
        ListFields = [new("ostemplate", "OSTEMPLATE", -32)],
    };

    public static readonly ParameterDeclaration<string> Distribution = new("DISTRIBUTION", FileName, ParameterGroup.General,
        "Distribution inside, where the template's name does not tell; chooses the distribution's scripts")
    {
        Change = ChangeMoment.FileOnly,
        NeedsSave = true,
        GlobalDefault = false,
        Options = [new("distribution", "NAME", "Whose scripts to use, instead of the template's") { OnCreate = true }],
        ListFields = [new("distribution", "DISTRIBUTION", -32)],
    };

    public static readonly ParameterDeclaration<string> OriginSample = new("ORIGIN_SAMPLE", FileName, ParameterGroup.General,
        "Sample that the configuration was copied from")
    {
        Change = ChangeMoment.CreateOnly,
        GlobalDefault = false,
        ListFields = [new("origin_sample", "ORIGIN_SAMPLE", 32)],
    };

    public static readonly ParameterDeclaration<bool> ConfigCustomized = new("CONFIG_CUSTOMIZED", YesNo, ParameterGroup.General,
        "Whether the configuration differs from its sample; kept for other programs")
    {
        Change = ChangeMoment.FileOnly,
        GlobalDefault = false,
    };

    public static readonly ParameterDeclaration<string> Root = new("VE_ROOT", HostPath, ParameterGroup.General,
        "Where the container's files are seen while it is mounted")
    {
        Change = ChangeMoment.Stopped,
        Options = [new("root", "PATH", "Mount point of the container's files; may hold $VEID") { OnCreate = true }],
        ListFields = [new("root", "ROOT", -32)],
    };

    public static readonly ParameterDeclaration<string> Private = new("VE_PRIVATE", HostPath, ParameterGroup.General,
        "Where the container's own data is kept")
    {
        Change = ChangeMoment.Stopped,
        Options = [new("private", "PATH", "Directory of the container's data; may hold $VEID") { OnCreate = true }],
        ListFields = [new("private", "PRIVATE", -32)],
    };

    public static readonly ParameterDeclaration<long> LocalUid = new("LOCAL_UID", new IntegerKind(0, uint.MaxValue), ParameterGroup.General,
        "First of the 65536 host user ids that the container's users are")
    {
        Change = ChangeMoment.CreateOnly,
        GlobalDefault = false,
        Options = [new("local_uid", "UID", "First host user id of the container; chosen if not given") { OnSet = false, OnCreate = true }],
    };

    public static readonly ParameterDeclaration<long> LocalGid = new("LOCAL_GID", new IntegerKind(0, uint.MaxValue), ParameterGroup.General,
        "First of the 65536 host group ids that the container's groups are")
    {
        Change = ChangeMoment.CreateOnly,
        GlobalDefault = false,
        Options = [new("local_gid", "GID", "First host group id of the container; chosen if not given") { OnSet = false, OnCreate = true }],
    };

    public static readonly ParameterDeclaration<UserPassword> UserPassword = new("USERPASSWD", new UserPasswordKind(), ParameterGroup.General,
        "Password of a user of the container; never stored")
    {
        NeverSaved = true,
        GlobalDefault = false,
        Options = [new("userpasswd", "USER:PASSWORD", "Set a user's password, creating the user if missing")],
    };

    internal static ParameterDeclaration[] All =>
    [
        Name, Description, OnBoot, BootOrder, OnCrash, Disabled, StopTimeout, OsTemplate, Distribution, OriginSample, ConfigCustomized, Root, Private,
        LocalUid, LocalGid, UserPassword,
    ];
}

using Insula.Engine.ActionScripts;
using Insula.Engine.Configuration;
using Insula.Engine.Host;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Distributions.Scripts;

/// <summary>
/// The administrator's file for a distribution, dists/NAME.conf: which of his scripts take the place of what is built in.
/// <c>ADD_IP=debian-add_ip.sh</c> names dists/scripts/debian-add_ip.sh.
/// </summary>
public sealed class DistributionFile
{
    private const string ScriptKind = "Distribution script";
    private const int LargestFile = 1 << 16;

    private readonly string _directory;
    private readonly ConfigFile _file;

    private DistributionFile(string directory, ConfigFile file, bool isDefault) => (_directory, _file, IsDefault) = (directory, file, isDefault);

    /// <summary>True if it is the file "default", for whose distribution there is none of its own.</summary>
    public bool IsDefault { get; }

    /// <summary>Its path.</summary>
    public string Path => _file.Name;

    /// <summary>
    /// Finds the file for a distribution or template: centos-6-x86_64.conf, centos-6.conf, centos.conf, then default. Null if there is none, as
    /// on a host whose administrator wrote none: then everything is built in.
    /// </summary>
    /// <exception cref="InsulaException">NoDistributionConfig: there is one that cannot be read.</exception>
    public static DistributionFile? Find(HostLayout layout, string? name)
    {
        var directory = System.IO.Path.Combine(layout.ConfigDirectory, "dists");
        if (!Directory.Exists(directory))
            return null;
        for (var rest = name; !string.IsNullOrEmpty(rest); rest = rest.LastIndexOf('-') is > 0 and var hyphen ? rest[..hyphen] : null)
        {
            if (TryLoad($"{directory}/{rest}.conf") is { } file)
                return new DistributionFile(directory, file, isDefault: false);
        }
        return TryLoad($"{directory}/default") is { } fallback ? new DistributionFile(directory, fallback, isDefault: true) : null;
    }

    /// <summary>The script for an action, null if what is built in is to do it.</summary>
    public string? ScriptFor(DistributionAction action)
        => _file.Get(KeyOf(action)) is { Length: > 0 } name ? System.IO.Path.Combine(_directory, "scripts", name) : null;

    /// <summary>The file "functions", which stands before each script that runs in a container, and the script.</summary>
    /// <exception cref="InsulaException">DistributionScript: it is not there, or is no name of a file. ActionScript: it is not to be trusted.</exception>
    public byte[] Read(DistributionAction action)
    {
        using var functions = TrustedScript.TryOpen(System.IO.Path.Combine(_directory, "scripts", "functions"), ScriptKind);
        using var script = Open(action);
        // A file without a last newline must not run into the next one.
        return functions == null ? script.Read() : [.. functions.Read(), (byte)'\n', .. script.Read()];
    }

    /// <summary>Looks at a script of the host before it is executed. False if its mode does not let it.</summary>
    /// <exception cref="InsulaException">As <see cref="Read"/>.</exception>
    public bool IsExecutable(DistributionAction action)
    {
        using var script = Open(action);
        return script.IsExecutable;
    }

    private TrustedScript Open(DistributionAction action)
    {
        var name = _file.Get(KeyOf(action))!;
        if (name.Contains('/', StringComparison.Ordinal) || name is "." or "..")
            throw new InsulaException(ExitCode.DistributionScript, $"{KeyOf(action)} of {Path} is not the name of a file in {_directory}/scripts");
        var path = ScriptFor(action)!;
        return TrustedScript.TryOpen(path, ScriptKind)
            ?? throw new InsulaException(ExitCode.DistributionScript, $"{ScriptKind} {path} does not exist", $"{KeyOf(action)} of {Path} names it");
    }

    private static ConfigFile? TryLoad(string path)
    {
        try
        {
            return SmallFile.TryRead(path, LargestFile) is { } bytes ? ConfigFile.Parse(path, bytes) : null;
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.NoDistributionConfig, $"The distribution's configuration cannot be read: {error.Message}", error.Hint, error);
        }
        catch (InsulaException error)
        {
            throw new InsulaException(ExitCode.NoDistributionConfig, error.Message, error.Hint, error);
        }
    }

    /// <summary>The key that names an action's script.</summary>
    public static string KeyOf(DistributionAction action) => action switch
    {
        DistributionAction.PreStart => "PRE_START",
        DistributionAction.AddIp => "ADD_IP",
        DistributionAction.DelIp => "DEL_IP",
        DistributionAction.SetHostName => "SET_HOSTNAME",
        DistributionAction.SetDns => "SET_DNS",
        DistributionAction.SetUserPassword => "SET_USERPASS",
        DistributionAction.SetUserQuota => "SET_UGID_QUOTA",
        DistributionAction.PostCreate => "POST_CREATE",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}

using System.Text;

namespace Insula.Engine.Host;

/// <summary>
/// The unit in whose control group all containers are: packaging/systemd/insula-containers.service.in says how it is made. It has no
/// process, and systemd takes the empty directory of such a unit away as soon as it has started. Setting a property afterwards makes the
/// directory again and notes that it is in use; from then on systemd leaves alone what is below it.
/// </summary>
/// <param name="directory">The unit's directory in the cgroup file system.</param>
/// <param name="systemctl">systemctl(1).</param>
/// <param name="runtimeUnits">Where units live that last until the host restarts.</param>
/// <param name="program">The insula that stops the containers at shutdown, for a unit that is made here.</param>
public sealed class ContainersUnit(string directory, ISystemctl systemctl, string runtimeUnits = "/run/systemd/system", string? program = null)
{
    /// <summary>The slice of the host's tree.</summary>
    public const string Slice = "insula.slice";

    /// <summary>The unit.</summary>
    public const string Service = "insula-containers.service";

    private const int NotInstalled = 5; // systemctl(1), "Exit status": the unit is not loaded
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Starts the unit, and makes it first where none is installed; comes back when its directory is there.</summary>
    /// <exception cref="InsulaException">7: systemd refused.</exception>
    public void Start()
    {
        var (code, error) = systemctl.Run("start", Service);
        if (code == NotInstalled)
        {
            Install();
            (code, error) = systemctl.Run("start", Service);
        }
        Check(code, error);
        // What is set is what the unit says anyway.
        (code, error) = systemctl.Run("set-property", "--runtime", Service, "TasksMax=infinity");
        Check(code, error);
        AwaitDirectory();
    }

    /// <summary>A unit file as it is for a program at a path.</summary>
    /// <param name="name">insula.slice, insula-containers.service or insula.service.</param>
    /// <param name="program">The path of insula.</param>
    public static string TextOf(string name, string program)
    {
        using var stream = typeof(ContainersUnit).Assembly.GetManifestResourceStream($"{name}.in")
            ?? throw new ArgumentException($"no such unit: {name}", nameof(name));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("@PREFIX@/bin/insula", Quote(program), StringComparison.Ordinal);
    }

    // A binary that runs from where it was built: its units last as long as the containers can.
    private void Install()
    {
        var path = program ?? Environment.ProcessPath ?? throw new InsulaException(ExitCode.SystemError, "The path of this program is not known");
        Directory.CreateDirectory(runtimeUnits);
        foreach (var name in new[] { Slice, Service })
            File.WriteAllText(Path.Combine(runtimeUnits, name), TextOf(name, path));
        var (code, error) = systemctl.Run("daemon-reload");
        Check(code, error);
    }

    private void AwaitDirectory()
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!Directory.Exists(directory))
        {
            if (Environment.TickCount64 > deadline)
                throw Failure($"{Service} runs, but there is no {directory}");
            Thread.Sleep(Pause);
        }
    }

    private static void Check(int code, string error)
    {
        if (code != 0)
            throw Failure($"systemd does not give a control group for containers: {error}");
    }

    private static InsulaException Failure(string message)
        => new(ExitCode.CreateEnvironment, message, $"systemctl status {Service}; CGROUP in vz.conf can name another place");

    // systemd.service(5), "Command lines", and systemd.unit(5), "Specifiers".
    private static string Quote(string path)
    {
        var plain = path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '+');
        if (plain)
            return path;
        if (path.Any(char.IsControl))
            throw new InsulaException(ExitCode.SystemError, "The path of this program has control characters and cannot be put into a unit");
        var escaped = path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }
}

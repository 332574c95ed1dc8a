using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;
using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// Where fields of the kernel's structures are and which numbers its functions have, for programs. Every answer is kept; with a file to
/// keep them in, the kernel's types are read once after a start of the host and not by every command.
/// </summary>
internal sealed class KernelFields
{
    private const int None = -1;

    private readonly Lazy<KernelTypes> _types;
    private readonly string? _file;
    private readonly Dictionary<string, int> _known = [];
    private bool _changed;

    /// <param name="types">Gives the kernel's types when they are needed.</param>
    /// <param name="file">Where to keep answers; null for nowhere.</param>
    public KernelFields(Func<KernelTypes> types, string? file = null)
    {
        _types = new Lazy<KernelTypes>(types);
        _file = file;
        if (file is not null && File.Exists(file))
            Load(File.ReadAllLines(file));
    }

    /// <summary>Those of the running kernel.</summary>
    /// <param name="file">Where to keep answers until the host is started again.</param>
    public static KernelFields OfThisKernel(string? file) => new(
        () => KernelTypes.TryRead()
            ?? throw new LinuxException("read", KernelTypes.Path, Errno.ENOENT, "this kernel does not show its types (CONFIG_DEBUG_INFO_BTF)"),
        file);

    /// <summary>What was asked for and this kernel does not have.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>The offset of a field, of which kernels have had different names; the first that is there counts.</summary>
    /// <param name="names"><c>structure.field</c>, with further dots for a field of a field.</param>
    public int Offset(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            var offset = Ask($"field {name}", types => types.OffsetOf(name[..dot], name[(dot + 1)..]) ?? None);
            if (offset != None)
                return offset;
        }
        Missing.Add($"no field {names[0]}");
        return 0;
    }

    /// <summary>True if a function can have programs.</summary>
    public bool HasFunction(string name) => NumberOf(BpfAttachType.FunctionEntry, name) != 0;

    /// <summary>The number of a function, or of a tracepoint's type.</summary>
    public uint Target(BpfAttachType attachType, string name)
    {
        var number = NumberOf(attachType, name);
        if (number == 0)
            Missing.Add($"no function {name}");
        return (uint)number;
    }

    /// <summary>Writes the answers down, if there are new ones.</summary>
    public void Save()
    {
        if (_file is null || !_changed || !Directory.Exists(Path.GetDirectoryName(_file)))
            return;
        var text = new StringBuilder(Heading).Append('\n');
        foreach (var (question, answer) in _known)
            text.Append(CultureInfo.InvariantCulture, $"{answer} {question}\n");
        AtomicFile.Replace(_file, Encoding.UTF8.GetBytes(text.ToString()), durable: false);
        _changed = false;
    }

    private static string Heading => $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}";

    private int NumberOf(BpfAttachType attachType, string name)
        => attachType == BpfAttachType.TracePoint
            ? Ask($"tracepoint {name}", types => (int)types.FindTracePoint(name))
            : Ask($"function {name}", types => (int)types.FindFunction(name));

    private int Ask(string question, Func<KernelTypes, int> find)
    {
        if (_known.TryGetValue(question, out var answer))
            return answer;
        _changed = true;
        return _known[question] = find(_types.Value);
    }

    // The file is root's and lies in a directory that a start of the host empties.
    private void Load(string[] lines)
    {
        if (lines.Length == 0 || lines[0] != Heading)
            return;
        foreach (var line in lines.AsSpan(1))
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (blank > 0 && int.TryParse(line.AsSpan(0, blank), CultureInfo.InvariantCulture, out var answer))
                _known[line[(blank + 1)..]] = answer;
        }
    }
}

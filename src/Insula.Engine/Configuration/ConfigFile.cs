using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Configuration;

/// <summary>
/// A configuration file (vz.conf, CTID.conf, a sample): lines <c>KEY="value"</c> that sh(1) can source. Comments, order, blank
/// lines, unknown keys and lines that are not understood stay byte for byte as they were; a changed key is replaced where
/// it stood, a new one is added at the end, but before a closing <c>#UUID:</c> comment, which libvirt wants last.
/// </summary>
/// <remarks>
/// Where a key is given twice the first counts and there is a warning. Other readers take the last, so writing a key
/// leaves one line of it. Keys are case-sensitive.
/// </remarks>
public sealed class ConfigFile
{
    /// <summary>Files above this many bytes are refused: no honest configuration comes near it.</summary>
    public const int MaximumSize = 1 << 20;

    private const int MaximumWarnings = 20;

    private readonly List<ConfigLine> _lines = [];

    /// <summary>An empty file.</summary>
    /// <param name="name">Its path, for messages.</param>
    public ConfigFile(string name) => Name = name;

    /// <summary>The path it was read from, for messages.</summary>
    public string Name { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    /// <exception cref="InsulaException">It is too large (85).</exception>
    public static ConfigFile Load(string path) => Parse(path, SmallFile.Read(path, MaximumSize));

    /// <summary>Reads a file; null when it does not exist.</summary>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    /// <exception cref="InsulaException">It is too large (85).</exception>
    public static ConfigFile? TryLoad(string path)
        => SmallFile.TryRead(path, MaximumSize) is { } bytes ? Parse(path, bytes) : null;

    /// <summary>Takes the bytes of a file; never fails, see <see cref="Warnings"/>.</summary>
    /// <param name="name">The file's path, for messages.</param>
    /// <param name="bytes">What it holds; not to be changed afterwards.</param>
    public static ConfigFile Parse(string name, byte[] bytes)
    {
        var file = new ConfigFile(name);
        file._lines.Capacity = bytes.AsSpan().Count((byte)'\n') + 1;
        for (var start = 0; start < bytes.Length;)
        {
            var newline = bytes.AsSpan(start).IndexOf((byte)'\n');
            var length = newline < 0 ? bytes.Length - start : newline + 1;
            file._lines.Add(new ConfigLine(bytes, start, length));
            start += length;
        }
        return file;
    }

    /// <summary>The same lines under another name: how a sample becomes a container's configuration.</summary>
    public ConfigFile CopyTo(string name)
    {
        var copy = new ConfigFile(name);
        copy._lines.AddRange(_lines);
        return copy;
    }

    /// <summary>The value of a key, or null when it is not there. An empty value is "".</summary>
    public string? Get(string key)
    {
        foreach (ref readonly var line in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_lines))
        {
            if (line.IsAssignment && IsKey(line, key))
                return line.Value;
        }
        return null;
    }

    /// <summary>True when the key is given, be it empty.</summary>
    public bool Contains(string key) => Get(key) is not null;

    /// <summary>The keys in the order of the file, each once.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            var keys = new List<string>(_lines.Count);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var line in _lines)
            {
                if (line.IsAssignment && Encoding.ASCII.GetString(line.Key) is var key && seen.Add(key))
                    keys.Add(key);
            }
            return keys;
        }
    }

    /// <summary>Gives a key a value. Further lines of the same key go.</summary>
    /// <exception cref="InsulaException">The value cannot be stored on one line (21).</exception>
    public void Set(string key, string value)
    {
        if (ShellText.WhyNotStorable(value) is { } why)
            throw new InsulaException(ExitCode.BadValue, $"The value of {key} cannot be stored: {why}");
        var first = _lines.FindIndex(line => IsKey(line, key));
        if (first < 0)
        {
            Append(NewLine(key, value));
            return;
        }
        if (!_lines[first].IsAssignment || _lines[first].Problem is not null || _lines[first].Value != value)
            _lines[first] = NewLine(key, value);
        for (var i = _lines.Count - 1; i > first; i--)
        {
            if (IsKey(_lines[i], key))
                _lines.RemoveAt(i);
        }
    }

    /// <summary>Removes every line of a key.</summary>
    /// <returns>True when there was one.</returns>
    public bool Remove(string key) => _lines.RemoveAll(line => IsKey(line, key)) > 0;

    /// <summary>The file as it is to be written.</summary>
    public byte[] ToBytes()
    {
        var bytes = new MemoryStream(4096);
        foreach (var line in _lines)
            bytes.Write(line.Bytes);
        return bytes.ToArray();
    }

    /// <summary>Replaces <paramref name="path"/> by this file, all or nothing: see <see cref="AtomicFile"/>.</summary>
    /// <exception cref="InsulaException">It could not be written (139); the old file is as it was.</exception>
    public void Save(string path)
    {
        var bytes = ToBytes();
        if (bytes.Length > MaximumSize)
            throw new InsulaException(ExitCode.SaveConfig, $"Cannot save {path}: it would be larger than {MaximumSize} bytes");
        AtomicFile.Replace(path, bytes);
    }

    /// <summary>What is wrong with the file, at most twenty entries and one that tells how many more there are.</summary>
    public IReadOnlyList<ConfigWarning> Warnings
    {
        get
        {
            var warnings = new List<ConfigWarning>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var count = 0;
            for (var i = 0; i < _lines.Count; i++)
            {
                var line = _lines[i];
                var key = Encoding.ASCII.GetString(line.Key);
                var text = line.Problem is { } problem ? $"{(key.Length > 0 ? key : "this line")} {problem}"
                    : line.IsAssignment && !seen.Add(key) ? $"{key} is given again; the first value counts"
                    : null;
                if (text is not null && ++count <= MaximumWarnings)
                    warnings.Add(new ConfigWarning(Name, i + 1, text));
            }
            if (count > MaximumWarnings)
                warnings.Add(new ConfigWarning(Name, 0, $"{count - MaximumWarnings} more lines that are wrong"));
            return warnings;
        }
    }

    private static bool IsKey(in ConfigLine line, string key)
        => line.Key.Length == key.Length && key.Length > 0 && Ascii.Equals(line.Key, key);

    private static ConfigLine NewLine(string key, string value)
    {
        var keepVeid = key is "VE_ROOT" or "VE_PRIVATE";
        var bytes = Encoding.UTF8.GetBytes($"{key}=\"{ShellText.Escape(value, keepVeid)}\"\n");
        var line = new ConfigLine(bytes, 0, bytes.Length);
        return line.IsAssignment && IsKey(line, key) ? line : throw new ArgumentException($"{key} is not the name of a configuration key", nameof(key));
    }

    private void Append(ConfigLine line)
    {
        var end = _lines.Count;
        if (end > 0 && _lines[^1].Bytes.StartsWith("#UUID:"u8))
            end--;
        else
            EndLastLine();
        _lines.Insert(end, line);
    }

    /// <summary>A last line without a newline gets one before another line follows it.</summary>
    private void EndLastLine()
    {
        if (_lines.Count == 0 || _lines[^1].Bytes.EndsWith("\n"u8))
            return;
        byte[] bytes = [.. _lines[^1].Bytes, (byte)'\n'];
        _lines[^1] = new ConfigLine(bytes, 0, bytes.Length);
    }
}

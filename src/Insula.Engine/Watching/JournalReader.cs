using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Host;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>
/// Reads the journal of events for the daemon, and exchanges the file when it has grown. The first line of a file holds the number of its first
/// event, <c>first 1</c>; each further line has the next number. The file before is kept beside it as events.1.
/// </summary>
/// <param name="layout">Where things are.</param>
/// <param name="take">Gets each event with its number; null: a line that cannot be understood, which has a number all the same.</param>
internal sealed class JournalReader(HostLayout layout, Action<long, ContainerEvent?> take) : IDisposable
{
    /// <summary>A file of this size is exchanged. Bytes.</summary>
    internal const long LargeSize = 1 << 18;

    private const int LongestLine = 4096;
    private const string Heading = "first ";

    private readonly string _path = EventJournal.FileOf(layout);
    private readonly byte[] _buffer = new byte[16384];
    private readonly List<byte> _line = [];
    private FileDescriptor? _file;
    private bool _inHeading;
    private long _next;

    private string OlderPath => _path + ".1";

    /// <summary>Opens the journal, made if there is none, and takes what is in it.</summary>
    public void Open()
    {
        if (FirstOf(_path) is not { } first)
            Create(_path, first = 1);
        if (FirstOf(OlderPath) is { } older && older < first)
            ReadOlder(older);
        OpenCurrent();
    }

    /// <summary>Takes what has come since.</summary>
    public void ReadNew()
    {
        Drain(_file!);
        if (EventJournal.IsAt(_file!, _path, out var size))
        {
            if (size >= LargeSize)
                Exchange();
            return;
        }
        // Another daemon, which is about to take this one's place, has exchanged it; nobody writes to the old one any more.
        Drain(_file!);
        OpenCurrent();
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static void Create(string path, long first)
        => AtomicFile.Replace(path, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Heading}{first}\n")), durable: false);

    // "first 1025"
    private static long? FirstOf(string path)
    {
        if (!File.Exists(path))
            return null;
        using var reader = new StreamReader(path, Encoding.UTF8);
        return reader.ReadLine() is { } line && line.StartsWith(Heading, StringComparison.Ordinal)
            && long.TryParse(line.AsSpan(Heading.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first > 0
                ? first
                : null;
    }

    private void ReadOlder(long first)
    {
        using var older = Files.Open(OlderPath, OpenFlags.ReadOnly);
        Begin(first);
        Drain(older);
    }

    private void OpenCurrent()
    {
        _file?.Dispose();
        _file = Files.Open(_path, OpenFlags.ReadOnly);
        Begin(FirstOf(_path) ?? _next);
        Drain(_file);
    }

    private void Begin(long next)
    {
        _inHeading = true;
        _line.Clear();
        _next = next;
    }

    // With nobody writing the number of its last line is known for sure.
    private void Exchange()
    {
        if (Kernel.Call(Syscall.FLock, _file!.Number, EventJournal.LOCK_EX | EventJournal.LOCK_NB) < 0)
            return; // The next event is as good an occasion.
        Drain(_file);
        var fresh = _path + ".new";
        Create(fresh, _next);
        File.Delete(OlderPath);
        Files.Link(_path, OlderPath);
        File.Move(fresh, _path, overwrite: true);
        OpenCurrent();
    }

    private void Drain(FileDescriptor file)
    {
        int got;
        while ((got = (int)Kernel.Check(Files.TryRead(file, _buffer), "read", _path)) > 0)
        {
            foreach (var value in _buffer.AsSpan(0, got))
            {
                if (value == (byte)'\n')
                    EndLine();
                else if (_line.Count < LongestLine)
                    _line.Add(value);
            }
        }
    }

    private void EndLine()
    {
        if (_inHeading)
        {
            _inHeading = false;
        }
        else
        {
            take(_next++, ContainerEvent.Parse(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line), out _));
        }
        _line.Clear();
    }
}

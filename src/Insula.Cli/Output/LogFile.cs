using System.Globalization;
using System.Text;
using Insula.Engine.Containers;
using Insula.Linux.Syscalls;

namespace Insula.Cli.Output;

/// <summary>
/// LOGFILE: lines such as <c>2026-11-22T23:44:41+0100 vzctl : CT 101 : Starting container...</c>. Each is one write(2) to a file opened
/// for appending, so that lines of commands that run at once do not mix. A log that cannot be written is no error.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="program">The program's name.</param>
/// <param name="now">The local time.</param>
internal sealed class LogFile(string path, string program, Func<DateTimeOffset> now) : IDisposable
{
    private const int Mode = 0x1A0; // 0640

    private FileDescriptor? _file;
    private bool _unavailable;

    /// <summary>Appends a line.</summary>
    /// <param name="container">The container it is about, or null.</param>
    /// <param name="text">One line.</param>
    public void Append(Ctid? container, string text)
    {
        if (!TryOpen())
            return;
        var line = Encoding.UTF8.GetBytes(Format(container, text));
        try
        {
            Files.WriteAll(_file!, line, path);
        }
        catch (LinuxException)
        {
            // The disk is full: what is being done matters more than its record.
            _unavailable = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private string Format(Ctid? container, string text)
    {
        var time = now();
        var offset = time.Offset;
        var sign = offset < TimeSpan.Zero ? '-' : '+';
        var about = container is { } ctid ? $"CT {ctid} : " : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time:yyyy-MM-ddTHH:mm:ss}{sign}{Math.Abs(offset.Hours):00}{Math.Abs(offset.Minutes):00} {program} : {about}{PlainText.OneLine(text)}\n");
    }

    private bool TryOpen()
    {
        if (_file is not null || _unavailable)
            return !_unavailable;
        const OpenFlags Flags = OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create | OpenFlags.NoControllingTerminal | OpenFlags.NonBlocking;
        var opened = Files.TryOpenAt(Files.CurrentDirectory, path, Flags, Mode);
        _unavailable = opened < 0;
        if (opened >= 0)
            _file = new FileDescriptor((int)opened);
        return !_unavailable;
    }
}

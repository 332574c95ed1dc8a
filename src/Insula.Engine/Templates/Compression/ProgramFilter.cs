using System.Diagnostics;
using System.Text;

namespace Insula.Engine.Templates.Compression;

/// <summary>
/// The output of a program of the host that decompresses its standard input (xz -dc). Its failure shows as
/// <see cref="ArchiveException"/> when its output ends, with what it said.
/// </summary>
internal sealed class ProgramFilter : ForwardStream
{
    private readonly string _program;
    private readonly Process _process;
    private readonly Stream _output;
    private readonly Thread _feeder;
    private readonly Thread _listener;
    private readonly StringBuilder _errors = new();
    private Exception? _feedError;

    public ProgramFilter(Stream input, string program, string package, params ReadOnlySpan<string> arguments)
    {
        _program = program;
        var path = HostProgram.Require(program, package, "unpack this archive");
        _process = Process.Start(HostProgram.Command(path, arguments))
            ?? throw new InsulaException(ExitCode.NotEnoughResources, $"Cannot start {path}");
        _output = _process.StandardOutput.BaseStream;
        _feeder = new Thread(() => Feed(input)) { IsBackground = true, Name = $"feed {program}" };
        _listener = new Thread(Listen) { IsBackground = true, Name = $"errors of {program}" };
        _feeder.Start();
        _listener.Start();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = _output.Read(buffer);
        if (count == 0 && !buffer.IsEmpty)
            CheckResult();
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.WaitForExit();
            // The program is gone, so a write to it fails and both threads end; they must not use the input after this.
            _feeder.Join();
            _listener.Join();
            _output.Dispose();
            _process.Dispose();
        }

        base.Dispose(disposing);
    }

    private void CheckResult()
    {
        _process.WaitForExit();
        _feeder.Join();
        _listener.Join();
        if (_feedError is not null)
            throw new ArchiveException("the archive cannot be read", _feedError);
        if (_process.ExitCode != 0)
            throw new ArchiveException($"{_program} cannot decompress it: {FirstError()}");
    }

    private void Feed(Stream input)
    {
        var buffer = new byte[1 << 17];
        using var target = _process.StandardInput.BaseStream;
        while (true)
        {
            int count;
            try
            {
                count = input.Read(buffer);
            }
            catch (IOException error)
            {
                _feedError = error;
                return;
            }

            if (count == 0)
                return;
            try
            {
                target.Write(buffer, 0, count);
            }
            catch (IOException)
            {
                return; // The program ended early; its exit status says why.
            }
        }
    }

    private void Listen()
    {
        var buffer = new char[512];
        int count;
        while ((count = _process.StandardError.Read(buffer)) > 0)
        {
            if (_errors.Length < 2000)
                _errors.Append(buffer, 0, count);
        }
    }

    // "xz: (stdin): Unexpected end of input"
    private string FirstError()
    {
        var text = _errors.ToString().Trim();
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        text = end < 0 ? text : text[..end];
        return text.Length == 0 ? $"exit status {_process.ExitCode}" : text;
    }
}

using System.Diagnostics;
using System.IO.Compression;

namespace Insula.Engine.Templates.Compression;

/// <summary>A new archive file that is compressed while it is written: with zstd where the host has it, else gzip.</summary>
internal sealed class ArchiveTarget : IDisposable
{
    private readonly FileStream _file;
    private readonly Process? _program;
    private readonly Thread? _copier;
    private Exception? _copyError;

    private ArchiveTarget(FileStream file, ArchiveCompression compression)
    {
        _file = file;
        if (compression == ArchiveCompression.Gzip)
        {
            Content = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
            return;
        }

        // Level 9 on all cores: a Debian root of 200 MB takes about as long as it takes to read it.
        var path = HostProgram.Require("zstd", "zstd", "compress this archive");
        _program = Process.Start(HostProgram.Command(path, "-9", "-T0", "--quiet", "--stdout"))
            ?? throw new InsulaException(ExitCode.NotEnoughResources, $"Cannot start {path}");
        Content = _program.StandardInput.BaseStream;
        _copier = new Thread(Copy) { IsBackground = true, Name = "output of zstd" };
        _copier.Start();
    }

    /// <summary>Where the uncompressed archive is written.</summary>
    public Stream Content { get; }

    /// <summary>The compression that this host is best at.</summary>
    public static ArchiveCompression Preferred => HostProgram.Find("zstd") is null ? ArchiveCompression.Gzip : ArchiveCompression.Zstd;

    /// <summary>Creates the file, which must not exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="compression">Gzip or Zstd.</param>
    public static ArchiveTarget Create(string path, ArchiveCompression compression)
        => new(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0), compression);

    /// <summary>Completes the file and writes it to disk.</summary>
    /// <exception cref="InsulaException">The compressor failed.</exception>
    public void Finish()
    {
        Content.Dispose();
        if (_program is not null)
        {
            var said = _program.StandardError.ReadToEnd().Trim();
            _copier!.Join();
            _program.WaitForExit();
            if (_copyError is not null)
                throw new InsulaException(ExitCode.NoDiskSpace, $"Cannot write {_file.Name}: {_copyError.Message}", cause: _copyError);
            if (_program.ExitCode != 0)
                throw new InsulaException(ExitCode.NotEnoughResources, $"zstd failed: {said}");
        }

        _file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_program is { HasExited: false })
            _program.Kill();
        _copier?.Join();
        _program?.Dispose();
        _file.Dispose();
    }

    private void Copy()
    {
        try
        {
            _program!.StandardOutput.BaseStream.CopyTo(_file);
        }
        catch (IOException error)
        {
            _copyError = error;
            _program!.Kill(); // It would wait for ever for somebody to take its output.
        }
    }
}

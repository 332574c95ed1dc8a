using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Terminals;

/// <summary>
/// Standard output or error without the start-up cost of System.Console (terminal database, encodings, a lock per character).
/// What is written is kept until <see cref="Flush"/>.
/// </summary>
/// <param name="number">The descriptor: 1 or 2. It is not closed.</param>
public sealed class DescriptorWriter(int number) : TextWriter
{
    private const int LargestBuffer = 32768;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly StringBuilder _text = new();

    /// <inheritdoc/>
    public override Encoding Encoding => Utf8;

    /// <summary>True if what is written goes to a terminal.</summary>
    public bool IsTerminal
    {
        get
        {
            var descriptor = new FileDescriptor(number);
            try
            {
                return Terminal.IsTerminal(descriptor);
            }
            finally
            {
                descriptor.SetHandleAsInvalid(); // it stays open: it is the process's, not ours
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(char value)
    {
        _text.Append(value);
        FlushWhenLarge();
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        _text.Append(value);
        FlushWhenLarge();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        _text.Append(buffer);
        FlushWhenLarge();
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        _text.Append(value).Append('\n');
        FlushWhenLarge();
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        if (_text.Length == 0)
            return;
        var bytes = Utf8.GetBytes(_text.ToString());
        _text.Clear();
        WriteAll(bytes);
    }

    private void FlushWhenLarge()
    {
        // Not between the halves of a surrogate pair.
        if (_text.Length > LargestBuffer && !char.IsHighSurrogate(_text[^1]))
            Flush();
    }

    private unsafe void WriteAll(byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            for (nint done = 0; done < bytes.Length;)
            {
                var result = Kernel.Call(Syscall.Write, number, (nint)start + done, bytes.Length - done);
                var errno = Kernel.ErrnoOf(result);
                if (errno == Errno.EAGAIN)
                    Thread.Sleep(1); // a terminal or pipe that another program made non-blocking, and that is full
                else if (errno is Errno.EPIPE or Errno.EBADF or Errno.EIO)
                    return; // nobody reads any more: "vzlist | head -1", a terminal that hung up
                else
                    done += (nint)Kernel.Check(result, "write", number == 1 ? "standard output" : "standard error");
            }
        }
    }
}

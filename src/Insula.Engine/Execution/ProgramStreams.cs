using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.Engine.Execution;

/// <summary>
/// Standard streams for a program in a container. Files and pipes of the caller are handed over as they are. A terminal never is: whoever
/// holds it could type into the administrator's shell (TIOCSTI), so it is replaced by a pipe that this process copies to and from.
/// </summary>
internal sealed class ProgramStreams : IDisposable
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly List<Thread> _outputs = [];
    private readonly List<FileDescriptor> _own = [];
    private readonly bool _waitsForAll;

    private ProgramStreams(bool waitsForAll) => _waitsForAll = waitsForAll;

    /// <summary>Descriptors for the program.</summary>
    public (FileDescriptor Input, FileDescriptor Output, FileDescriptor Error) Given { get; private set; }

    /// <summary>Streams for a program that takes the place of this process's own.</summary>
    public static ProgramStreams ForOwn()
    {
        var streams = new ProgramStreams(waitsForAll: true);
        streams.Given = (streams.Input(), streams.Output(1), streams.Output(2));
        return streams;
    }

    /// <summary>
    /// Streams for a script that is read from <paramref name="input"/>, which stays the caller's, and writes to this process's own. A service that
    /// the script leaves behind may keep them; nobody waits for what that writes later.
    /// </summary>
    public static ProgramStreams WithInput(FileDescriptor input)
    {
        var streams = new ProgramStreams(waitsForAll: false);
        streams.Given = (input, streams.Output(1), streams.Output(2));
        return streams;
    }

    /// <summary>Waits until everything the program has written is shown.</summary>
    public void Dispose()
    {
        foreach (var descriptor in _own)
            descriptor.Dispose();
        foreach (var thread in _outputs)
            thread.Join(_waitsForAll ? Timeout.InfiniteTimeSpan : s_lastWords);
    }

    private FileDescriptor Input()
    {
        if (!IsTerminal(0))
            return Keep(Duplicate(0));
        var (reader, writer) = Files.Pipe();
        var source = Duplicate(0);
        // A background thread: a program may end while the terminal has nothing more to say.
        Start(() => Copy(source, writer), background: true);
        return Keep(reader);
    }

    private FileDescriptor Output(int number)
    {
        if (!IsTerminal(number))
            return Keep(Duplicate(number));
        var (reader, writer) = Files.Pipe();
        var target = Duplicate(number);
        _outputs.Add(Start(() => Copy(reader, target), background: !_waitsForAll));
        return Keep(writer);
    }

    private static void Copy(FileDescriptor from, FileDescriptor to)
    {
        using (from)
        using (to)
        {
            Span<byte> buffer = stackalloc byte[4096];
            while (Files.TryRead(from, buffer) is > 0 and var got)
            {
                try
                {
                    Files.WriteAll(to, buffer[..(int)got], "the stream");
                }
                catch (LinuxException)
                {
                    return; // the other side has closed its end: nobody reads any more
                }
            }
        }
    }

    private static Thread Start(Action copy, bool background)
    {
        var thread = new Thread(() => copy()) { IsBackground = background };
        thread.Start();
        return thread;
    }

    private static bool IsTerminal(int number)
    {
        using var descriptor = Duplicate(number);
        return Terminal.IsTerminal(descriptor);
    }

    // 0, 1 and 2 stay open in this process whatever is done with the copy.
    private static FileDescriptor Duplicate(int number) => FileDescriptor.DuplicateOf(number);

    private FileDescriptor Keep(FileDescriptor descriptor)
    {
        _own.Add(descriptor);
        return descriptor;
    }
}

using System.Globalization;

namespace Insula.System.Tests.Commands;

/// <summary>What a reading of beancounters costs the host.</summary>
public sealed class BeancounterReadingTests : IDisposable
{
    // Executes its arguments under a filter by which the kernel kills whoever executes a program, or starts a process: threads are let through. The
    // one execve(2) that is let through is this program's, known by the address of its path. clone3(2) has its flags in memory, where a filter cannot
    // see them, so it is not there, and the C library makes threads by clone(2).
    private const string Confined = """
        import ctypes, os, struct, sys
        libc = ctypes.CDLL(None, use_errno=True)
        EXECVE, EXECVEAT, FORK, VFORK, CLONE, CLONE3, CLONE_THREAD = 59, 322, 57, 58, 56, 435, 0x10000
        KILL, ALLOW, MISSING = 0x80000000, 0x7fff0000, 0x50026
        path = ctypes.create_string_buffer(sys.argv[1].encode())
        at = ctypes.addressof(path)
        def load(offset): return (0x20, 0, 0, offset)
        def equal(value, yes, no): return (0x15, yes, no, value)
        def any_bit(value, yes, no): return (0x45, yes, no, value)
        def give(value): return (0x06, 0, 0, value)
        # struct seccomp_data: nr at 0, arch at 4, the arguments from 16 on
        program = [
            load(4), equal(0xc000003e, 0, 14),
            load(0), equal(EXECVEAT, 12, 0), equal(FORK, 11, 0), equal(VFORK, 10, 0), equal(CLONE3, 10, 0), equal(EXECVE, 3, 0), equal(CLONE, 0, 6),
            load(16), any_bit(CLONE_THREAD, 4, 5),
            load(16), equal(at & 0xffffffff, 0, 3), load(20), equal(at >> 32, 0, 1),
            give(ALLOW), give(KILL), give(MISSING),
        ]
        code = b''.join(struct.pack('HBBI', *step) for step in program)
        memory = ctypes.create_string_buffer(code)
        prog = ctypes.create_string_buffer(struct.pack('HxxxxxxP', len(program), ctypes.addressof(memory)))
        assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, prog, 0, 0) == 0, os.strerror(ctypes.get_errno())
        words = (ctypes.c_char_p * len(sys.argv))(*[word.encode() for word in sys.argv[1:]], None)
        names = [f'{name}={value}'.encode() for name, value in os.environ.items()]
        libc.execve(path, words, (ctypes.c_char_p * (len(names) + 1))(*names, None))
        os._exit(99)
        """;

    private readonly CommandHost _host = CommandHost.WithPrograms();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Programs_that_are_switched_off_are_told_with_the_reason()
    {
        using var without = new CommandHost();
        Assert.Contains("UBC_PROGRAMS=no in vz.conf", without.Insula("check").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("UBC_PROGRAMS", _host.Insula("check").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_executes_no_program_and_starts_no_process()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "no python3");
        Assert.SkipUnless(global::System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == global::System.Runtime.InteropServices.Architecture.X64, "the filter is for x86-64");
        int[] containers = [_host.Container(started: true), _host.Container(started: true)];
        File.WriteAllText(Path.Combine(_host.Base, "confined.py"), Confined);
        foreach (var options in (string[])["", "--proc", "--json", "--mechanisms"])
        {
            var output = Run($"vzubc {options}").Succeeds().Output;
            if (options.Length > 0 && options != "--mechanisms")
                Assert.All(containers, ctid => Assert.Contains(ctid.ToString(CultureInfo.InvariantCulture), output, StringComparison.Ordinal));
        }
        Run("vzlist -a -o ctid,numproc,kmemsize,numtcpsock").Succeeds();
        // That the filter does what it is for.
        _host.Vzctl("exec", $"{containers[0]}", "true").Succeeds();
        Assert.NotEqual(0, Run($"vzctl exec {containers[0]} true").Code);
        File.Delete(Path.Combine(_host.Base, "confined.py"));
    }

    private CommandResult Run(string arguments) => _host.Shell($"/usr/bin/python3 -I -S '{_host.Base}/confined.py' '{_host.Binary}' {arguments}; exit $?");
}

using System.Text;
using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.Linux.Tests.Terminals;

public class PseudoTerminalTests
{
    [Fact]
    public void What_is_written_on_one_side_is_read_on_the_other()
    {
        using var terminal = PseudoTerminal.OpenHost();
        using var peer = terminal.OpenPeer();
        Files.WriteAll(peer, "hello"u8, "peer");
        var buffer = new byte[16];
        Assert.Equal(5, Files.TryRead(terminal.Master, buffer));
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, 5));
        Files.WriteAll(terminal.Master, "typed\n"u8, "master");
        Assert.Equal(6, Files.TryRead(peer, buffer));
    }

    [Fact]
    public void The_other_side_is_the_one_with_its_number()
    {
        using var terminal = PseudoTerminal.OpenHost();
        using var peer = terminal.OpenPeer();
        Assert.Equal($"/dev/pts/{terminal.Number}", File.ResolveLinkTarget(peer.ProcPath, false)!.FullName);
    }

    [Fact]
    public void A_terminal_is_opened_by_a_descriptor_of_its_devpts()
    {
        using var devpts = Files.Open("/dev/pts", OpenFlags.Path | OpenFlags.Directory);
        using var peer = devpts;
        try
        {
            using var terminal = PseudoTerminal.OpenIn(devpts);
            using var other = terminal.OpenPeer();
            Assert.True(Terminal.IsTerminal(other));
        }
        catch (LinuxException error) when (error.Errno == Errno.EACCES)
        {
            // The host's own /dev/pts/ptmx has mode 000 unless it is mounted with ptmxmode=: root passes, others do not.
            Assert.False(Environment.IsPrivilegedProcess);
        }
    }

    [Fact]
    public void A_directory_that_is_no_devpts_is_refused()
    {
        using var directory = Files.Open("/tmp", OpenFlags.Path | OpenFlags.Directory);
        var error = Assert.Throws<LinuxException>(() => PseudoTerminal.OpenIn(directory));
        Assert.Equal(Errno.ENODEV, error.Errno);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public void The_windows_size_is_that_of_the_master()
    {
        using var terminal = PseudoTerminal.OpenHost();
        using var peer = terminal.OpenPeer();
        Assert.Equal(Errno.None, Terminal.TrySetWindowSize(terminal.Master, new WindowSize(33, 101, 5, 6)));
        Assert.Equal(Errno.None, Terminal.TryGetWindowSize(peer, out var size));
        Assert.Equal(new WindowSize(33, 101, 5, 6), size);
    }

    [Fact]
    public void Raw_settings_leave_every_byte_alone_and_the_old_ones_come_back()
    {
        using var terminal = PseudoTerminal.OpenHost();
        using var peer = terminal.OpenPeer();
        Assert.Equal(Errno.None, Terminal.TryGetSettings(peer, out var before));
        Assert.True(before.IsLineMode && before.Echoes);
        Assert.Equal(4, before.EndOfInput);
        using (var raw = new RawMode(peer))
        {
            Terminal.TryGetSettings(peer, out var during);
            Assert.False(during.IsLineMode || during.Echoes);
            byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
            Files.WriteAll(terminal.Master, all, "master");
            var buffer = new byte[512];
            Assert.Equal(256, Files.TryRead(peer, buffer));
            Assert.Equal(all, buffer[..256]);
            Files.WriteAll(peer, all, "peer");
            Assert.Equal(256, Files.TryRead(terminal.Master, buffer));
            Assert.Equal(all, buffer[..256]);
        }
        Terminal.TryGetSettings(peer, out var after);
        Assert.Equal(before, after);
    }

    [Fact]
    public void The_masters_settings_are_those_of_the_other_side()
    {
        using var terminal = PseudoTerminal.OpenHost();
        using var peer = terminal.OpenPeer();
        Terminal.TryGetSettings(peer, out var settings);
        Terminal.TrySetSettings(peer, settings.ToRaw());
        Terminal.TryGetSettings(terminal.Master, out var seen);
        Assert.False(seen.IsLineMode);
    }

    [Fact]
    public void A_pipe_is_no_terminal()
    {
        var (reader, writer) = Files.Pipe();
        using (reader)
        using (writer)
        {
            Assert.False(Terminal.IsTerminal(reader));
            Assert.Equal(Errno.ENOTTY, Terminal.TryGetWindowSize(reader, out _));
            using var raw = new RawMode(reader);
            Assert.Equal(0, raw.Signalled);
        }
    }
}

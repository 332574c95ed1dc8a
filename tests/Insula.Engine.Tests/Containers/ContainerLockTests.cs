using System.Diagnostics;
using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Containers;

public sealed class ContainerLockTests : IDisposable
{
    private static readonly Ctid Container = new(101);

    private readonly TestHost _host = new();

    private string LockFile => ContainerLock.PathOf(_host.Store.Layout, Container);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_second_taker_is_told_at_once_who_holds_the_lock()
    {
        using var first = Take("starting");
        var error = Expect.Error(ExitCode.Locked, () => Take("stopping"));
        Assert.Equal($"Container already locked: CT 101 by process {Environment.ProcessId}, starting", error.Message);
        Assert.Equal($"{Environment.ProcessId}\nstarting\n", Text());
    }

    [Fact]
    public void A_lock_that_is_let_go_is_free_and_names_no_process()
    {
        Take("starting").Dispose();
        Assert.Equal("", Text());
        Take("stopping").Dispose();
    }

    [Fact]
    public void A_lock_that_is_let_go_is_free_though_a_child_has_its_descriptor_still()
    {
        var taken = Take("starting");
        var path = Path.GetFullPath(LockFile);
        var descriptor = Directory.GetFiles("/proc/self/fd").First(link => new FileInfo(link).LinkTarget == path);
        // As a clone of the process has it.
        using var inherited = FileDescriptor.DuplicateOf(int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture));
        taken.Dispose();
        Take("stopping").Dispose();
    }

    [Fact]
    public void Containers_have_locks_of_their_own()
    {
        using var first = Take("starting");
        using var second = ContainerLock.Take(_host.Store.Layout, new Ctid(102), "starting");
    }

    [Fact]
    public void What_the_old_tools_or_a_dead_process_left_is_free()
    {
        Directory.CreateDirectory(_host["lock"]);
        File.WriteAllText(LockFile, "1\nstarting\n");
        using var taken = Take("stopping");
        Assert.Equal($"{Environment.ProcessId}\nstopping\n", Text());
    }

    [Fact]
    public void A_lock_goes_with_the_process_that_holds_it_however_it_dies()
    {
        Directory.CreateDirectory(_host["lock"]);
        using var holder = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec 9>\"$1\"; flock 9; printf '%s\\nstarting\\n' $$ >&9; echo ready; exec sleep 600", "sh", LockFile])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("ready", holder.StandardOutput.ReadLine());
            Assert.Contains($"process {holder.Id}, starting", Expect.Error(ExitCode.Locked, () => Take("stopping")).Message, StringComparison.Ordinal);
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }
        Take("stopping").Dispose();
    }

    [Fact]
    public void A_lock_file_that_somebody_removes_does_not_let_two_in()
    {
        var first = Take("starting");
        File.Delete(LockFile);
        using var second = Take("stopping");
        first.Dispose();
        Expect.Error(ExitCode.Locked, () => Take("mounting"));
    }

    [Fact]
    public async Task Of_many_that_want_a_lock_at_once_one_at_a_time_has_it()
    {
        var inside = 0;
        var entered = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                try
                {
                    using var taken = Take("x");
                    Assert.Equal(1, Interlocked.Increment(ref inside));
                    Interlocked.Increment(ref entered);
                    Interlocked.Decrement(ref inside);
                }
                catch (InsulaException error)
                {
                    Assert.Equal(ExitCode.Locked, error.Code);
                }
            }
        })));
        Assert.NotEqual(0, entered);
    }

    [Fact]
    public void A_lock_directory_that_is_a_file_is_an_error()
    {
        File.WriteAllText(_host["lock"], "");
        Expect.Error(ExitCode.SystemError, () => Take("starting"));
    }

    // File.ReadAllText would itself want a shared flock on the file.
    private string Text() => Encoding.UTF8.GetString(SmallFile.Read(LockFile, 1000));

    private ContainerLock Take(string activity) => ContainerLock.Take(_host.Store.Layout, Container, activity);
}

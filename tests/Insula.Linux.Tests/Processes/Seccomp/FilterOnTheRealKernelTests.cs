using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Insula.Linux.Launch;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;
using Insula.Linux.Tests.Abi;

namespace Insula.Linux.Tests.Processes.Seccomp;

/// <summary>
/// A launch plan installs the filter in a child that makes every call the profile refuses, natively and as an i386 program would.
/// The child has no_new_privs, so no root is needed.
/// </summary>
public class FilterOnTheRealKernelTests
{
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int NoCompat = 1000;

    // Makes each call given as "n|c:number:six arguments" in a process of its own and prints its errno, or 1000 + signal.
    private const string ProbeSource = """
        #include <errno.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/wait.h>
        #include <unistd.h>
        static long compat(long n, unsigned long *a) {
        #ifdef __x86_64__
            long r;
            __asm__ volatile("push %%rbp; mov %7, %%ebp; int $0x80; pop %%rbp" : "=a"(r)
                : "a"(n), "b"((unsigned)a[0]), "c"((unsigned)a[1]), "d"((unsigned)a[2]), "S"((unsigned)a[3]), "D"((unsigned)a[4]), "r"((unsigned)a[5])
                : "memory", "r8", "r9", "r10", "r11", "cc");
            return (int)r;
        #else
            raise(11);
            return 0;
        #endif
        }
        int main(int argc, char **argv) {
            for (int i = 1; i < argc; i++) {
                unsigned long a[6];
                char *p = argv[i] + 2;
                long n = strtoul(p, &p, 0);
                for (int j = 0; j < 6; j++) a[j] = strtoul(p + 1, &p, 0);
                int fds[2], result = 2000, status;
                if (pipe(fds)) return 1;
                pid_t child = fork();
                if (child == 0) {
                    long r = argv[i][0] == 'c' ? compat(n, a) : syscall(n, a[0], a[1], a[2], a[3], a[4], a[5]);
                    int e = argv[i][0] == 'c' ? (r < 0 ? -r : 0) : (r < 0 ? errno : 0);
                    if (write(fds[1], &e, sizeof e) < 0) _exit(1);
                    _exit(0);
                }
                close(fds[1]);
                waitpid(child, &status, 0);
                if (WIFSIGNALED(status)) result = 1000 + WTERMSIG(status);
                else if (read(fds[0], &result, sizeof result) < 0) return 1;
                close(fds[0]);
                printf("%d\n", result);
            }
            return 0;
        }
        """;

    [Theory]
    [InlineData("default")]
    [InlineData("migratable")]
    public void The_kernel_takes_the_filter_and_answers_as_the_rules_say(string profileName)
    {
        var profile = profileName == "default" ? ContainerSeccompProfile.Default : ContainerSeccompProfile.Migratable;
        var refused = profile.Rules.Where(rule => rule.Action.Errno != Errno.None)
            .Select(rule => (rule, arguments: ArgumentsThatMeet(rule)))
            .Where(row => ProfileReader.Answer(profile, row.rule.Call, row.arguments) == row.rule.Action)
            .Select(row => (row.rule, call: Call('n', SyscallTable.Number(row.rule.Call), row.arguments), number: SyscallTable.Number(row.rule.Call)))
            .Where(row => row.number >= 0).ToList();
        var answers = Probe(profile, [.. refused.Select(row => row.call)]);
        Assert.True(refused.Count > 30);
        for (var i = 0; i < refused.Count; i++)
            Assert.True((int)refused[i].rule.Action.Errno == answers[i], $"{refused[i].rule}: the kernel said {answers[i]}");
    }

    [Fact]
    public void An_i386_call_is_judged_by_the_same_rules()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "i386 calls are made on x86-64 only");
        var profile = ContainerSeccompProfile.Default;
        const int getpid = 20;
        var before = Probe(null, [Call('c', getpid, [0, 0, 0, 0, 0, 0])]);
        Assert.SkipUnless(before[0] < NoCompat, "this kernel runs no i386 programs");
        var refused = profile.Rules.Where(rule => rule.Action.Errno != Errno.None && CompatSyscallTable.I386(rule.Call) >= 0).ToList();
        var answers = Probe(profile, [.. refused.Select(rule => Call('c', CompatSyscallTable.I386(rule.Call)!.Value, ArgumentsThatMeet(rule)))]);
        for (var i = 0; i < refused.Count; i++)
            Assert.True((int)refused[i].Action.Errno == answers[i], $"{refused[i]} (i386): the kernel said {answers[i]}");
    }

    [Fact]
    public void What_no_rule_names_goes_through()
    {
        ulong[] none = [0, 0, 0, 0, 0, 0];
        var answers = Probe(ContainerSeccompProfile.Default,
        [
            Call('n', SyscallTable.Number(Syscall.GetPid), none),
            Call('n', SyscallTable.Number(Syscall.Personality), [0xffffffff, 0, 0, 0, 0, 0]),
            Call('n', SyscallTable.Number(Syscall.Socket), [2, 2, 0, 0, 0, 0]),
            Call('n', SyscallTable.Number(Syscall.Unshare), none),
            Call('n', SyscallTable.Number(Syscall.Close), [999, 0, 0, 0, 0, 0]),
        ]);
        Assert.Equal([0, 0, 0, 0, (int)Errno.EBADF], answers);
    }

    [Fact]
    public void X32_calls_do_not_exist()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "x32 is a part of x86-64");
        Assert.Equal([(int)Errno.ENOSYS], Probe(ContainerSeccompProfile.Default, [Call('n', 0x40000000 + 39, [0, 0, 0, 0, 0, 0])]));
    }

    private static string Call(char abi, int number, ulong[] arguments) => $"{abi}:{number}:{string.Join(':', arguments)}";

    /// <summary>1 is no valid address: a call that a broken filter lets through fails with EFAULT and changes nothing.</summary>
    private static ulong[] ArgumentsThatMeet(SeccompRule rule)
    {
        ulong[] arguments = [1, 1, 1, 1, 1, 1];
        if (rule.Call == Syscall.Socket)
            arguments[0] = rule.Tests.Length == 0 ? 38ul : 2ul;
        foreach (var test in rule.Tests)
        {
            if (!test.Negated)
                arguments[test.Index] = test.Value;
            else if ((arguments[test.Index] & test.Mask) == test.Value)
                arguments[test.Index] = test.Mask & (~test.Mask + 1);
        }
        return arguments;
    }

    private static List<int> Probe(SeccompProfile? profile, string[] calls)
    {
        using var directory = new TemporaryDirectory();
        var probe = directory.File("probe");
        var (success, output) = CCompiler.For(RuntimeInformation.ProcessArchitecture).Build(ProbeSource, probe, "-static");
        Assert.True(success, output);
        var (reader, writer) = Files.Pipe();
        using (reader)
        {
            using var plan = new LaunchPlan();
            plan.AddStandardStreams(0, writer, writer);
            plan.Add("give up", "new privileges", Syscall.PrCtl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            if (profile != null)
                plan.AddSystemCallFilter(SeccompCompiler.Compile(profile));
            plan.AddFreshSignals();
            plan.AddExecuteFirst([(probe, [probe, .. calls])], []);
            using var child = Launcher.Start(plan, CloneFlags.None);
            writer.Dispose();
            child.AwaitExec();
            var text = ReadAll(reader);
            Assert.Equal(0, child.PidFd.Wait().ShellCode);
            return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        }
    }

    private static string ReadAll(FileDescriptor reader)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (Kernel.Check(Files.TryRead(reader, buffer), "read", "the probe's answers") is var length and > 0)
            text.Append(Encoding.ASCII.GetString(buffer, 0, (int)length));
        return text.ToString();
    }
}

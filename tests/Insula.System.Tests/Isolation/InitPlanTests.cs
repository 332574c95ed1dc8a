using Insula.Engine.Isolation;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;

namespace Insula.System.Tests.Isolation;

public class InitPlanTests
{
    [Fact]
    public void A_container_sees_a_machine_of_its_own()
    {
        Require.Root();
        using var root = new BusyboxRoot();
        var (reader, writer) = Files.Pipe();
        using var nothing = Files.Open("/dev/null", OpenFlags.ReadWrite);
        using (reader)
        using (writer)
        {
            using var init = InitPlan.Build(new InitSettings
            {
                Root = root.Path,
                HostName = "ct101",
                Capabilities = ContainerCapabilities.Default(CapabilitySet.ReadLast()),
                LastCapability = CapabilitySet.ReadLast(),
                SystemCallFilter = SeccompCompiler.Compile(ContainerSeccompProfile.Default),
                HasCgroup2 = true,
                MaxTerminals = 16,
                SharedMemorySize = "1m",
                Limits = [],
                Streams = (nothing, writer, writer),
                Programs = [("/bin/busybox", ["sh", "-c", "echo $$; hostname; id -u; ls -l /proc/self/fd | grep -c ' -> '; cat /proc/mounts; ls /dev; cat /proc/1/status | grep -i cap; cat /run/host/container-manager; ls /proc/acpi"])],
            });
            using var child = Launcher.Start(init.Plan, InitPlan.Namespaces);
            new IdMap(root.Base, root.Base, 65536).WriteFor(child.Pid);
            init.Mapped.Open();
            init.Gate.Open();
            child.AwaitExec();
            child.PidFd.Wait();
            var buffer = new byte[65536];
            var length = (int)Files.TryRead(reader, buffer);
            var text = global::System.Text.Encoding.UTF8.GetString(buffer, 0, length);
            TestContext.Current.TestOutputHelper?.WriteLine(text);
            Assert.StartsWith("1\nct101\n0\n", text, StringComparison.Ordinal);
        }
    }
}

internal sealed class BusyboxRoot : IDisposable
{
    public uint Base => 900_000_000;

    public string Path { get; } = Directory.CreateTempSubdirectory("insula-test-").FullName;

    public BusyboxRoot()
    {
        foreach (var directory in new[] { "", "bin", "proc", "sys", "dev", "run" })
            Directory.CreateDirectory(global::System.IO.Path.Combine(Path, directory));
        File.SetUnixFileMode(Path, (UnixFileMode)0x1ED);
        File.Copy("/bin/busybox", global::System.IO.Path.Combine(Path, "bin/busybox"));
        File.SetUnixFileMode(global::System.IO.Path.Combine(Path, "bin/busybox"), (UnixFileMode)0x1ED);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

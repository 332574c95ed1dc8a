using Insula.Engine.Host;

namespace Insula.Engine.Tests.Host;

public sealed class ContainersUnitTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void A_unit_that_is_installed_is_started_and_its_directory_made_again()
    {
        var systemctl = new FakeSystemctl(this) { Installed = true };
        Unit(systemctl).Start();
        Assert.Equal(["start insula-containers.service", "set-property --runtime insula-containers.service TasksMax=infinity"], systemctl.Calls);
        Assert.False(Directory.Exists(_directory["units"]));
    }

    [Fact]
    public void Where_none_is_installed_one_is_made_for_as_long_as_the_host_runs()
    {
        var systemctl = new FakeSystemctl(this);
        Unit(systemctl, "/opt/in sula/100%/insula").Start();
        Assert.Equal(
            ["start insula-containers.service", "daemon-reload", "start insula-containers.service", "set-property --runtime insula-containers.service TasksMax=infinity"],
            systemctl.Calls);
        var text = File.ReadAllText(_directory["units/insula-containers.service"]);
        Assert.Contains("\nExecStop=\"/opt/in sula/100%%/insula\" host stop-containers\n", text, StringComparison.Ordinal);
        Assert.Contains("RefuseManualStop=yes", File.ReadAllText(_directory["units/insula.slice"]), StringComparison.Ordinal);
        Assert.False(File.Exists(_directory["units/insula.service"]));
    }

    [Fact]
    public void A_refusal_of_systemd_is_told_in_its_own_words()
    {
        var systemctl = new FakeSystemctl(this) { Installed = true, Refusal = "Unit insula-containers.service is masked." };
        var error = Assert.Throws<InsulaException>(Unit(systemctl).Start);
        Assert.Equal(ExitCode.CreateEnvironment, error.Code);
        Assert.Contains("is masked", error.Message, StringComparison.Ordinal);
        Assert.Contains("CGROUP", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("insula.slice")]
    [InlineData("insula-containers.service")]
    [InlineData("insula.service")]
    public void Every_unit_file_is_complete_once_the_program_is_named(string name)
    {
        var text = ContainersUnit.TextOf(name, "/usr/bin/insula");
        Assert.DoesNotContain('@', text);
        Assert.StartsWith("[Unit]", string.Join('\n', text.Split('\n').SkipWhile(line => line.StartsWith('#'))), StringComparison.Ordinal);
    }

    // What keeps a container alive whatever is done to the units; each of these lines was seen to matter.
    [Theory]
    [InlineData("RefuseManualStop=yes")]
    [InlineData("Delegate=yes")]
    [InlineData("KillMode=process")]
    [InlineData("OOMPolicy=continue")]
    [InlineData("TasksMax=infinity")]
    [InlineData("Slice=insula.slice")]
    [InlineData("RemainAfterExit=yes")]
    public void The_unit_of_the_containers_never_kills_one(string line)
        => Assert.Contains(line, ContainersUnit.TextOf(ContainersUnit.Service, "/usr/bin/insula").Split('\n'));

    [Fact]
    public void Stopping_the_unit_that_starts_containers_at_boot_stops_none()
        => Assert.DoesNotContain("ExecStop", ContainersUnit.TextOf("insula.service", "/usr/bin/insula"), StringComparison.Ordinal);

    public void Dispose() => _directory.Dispose();

    private ContainersUnit Unit(FakeSystemctl systemctl, string program = "/usr/bin/insula")
        => new(_directory["cgroup"], systemctl, _directory["units"], program);

    private sealed class FakeSystemctl(ContainersUnitTests test) : ISystemctl
    {
        public bool Installed { get; init; }

        public string? Refusal { get; init; }

        public List<string> Calls { get; } = [];

        public (int Code, string Error) Run(params IReadOnlyList<string> arguments)
        {
            Calls.Add(string.Join(' ', arguments));
            if (arguments[0] == "start" && !Installed && !File.Exists(test._directory["units/insula-containers.service"]))
                return (5, "Failed to start insula-containers.service: Unit insula-containers.service not found.");
            if (arguments[0] == "set-property")
                Directory.CreateDirectory(test._directory["cgroup"]);
            return Refusal is { } text ? (1, text) : (0, "");
        }
    }
}

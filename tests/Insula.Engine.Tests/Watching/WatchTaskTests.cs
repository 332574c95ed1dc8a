using Insula.Engine.Containers;
using Insula.Engine.Watching;
using Insula.Linux.Processes;

namespace Insula.Engine.Tests.Watching;

public class WatchTaskTests
{
    public static TheoryData<WatchTask> Tasks =>
    [
        new WatchTask(WatchTaskKind.RecordExits),
        new WatchTask(WatchTaskKind.RestoreFiles),
        new WatchTask(WatchTaskKind.GuardLinks),
        new WatchTask(WatchTaskKind.SaveTraffic),
        new WatchTask(WatchTaskKind.RestoreRates),
        new WatchTask(WatchTaskKind.Restart, new Ctid(101)),
        new WatchTask(WatchTaskKind.Finish, new Ctid(101), new InitProcess(4711, 1_879_147), new ExitStatus(1)),
        new WatchTask(WatchTaskKind.Finish, new Ctid(101), new InitProcess(4711, 1_879_147)),
    ];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_task_is_handed_over_by_its_arguments(WatchTask task)
        => Assert.Equal(task, WatchTask.Parse([.. task.Arguments().Skip(1)]));

    [Theory]
    [InlineData("")]
    [InlineData("--restart")]
    [InlineData("--restart x")]
    [InlineData("--finish 101 1 2")]
    [InlineData("--finish 101 1 2 three")]
    [InlineData("--record-exits now")]
    [InlineData("--worker 1 2 3 4 5")]
    public void Other_arguments_are_none(string arguments)
        => Assert.Null(WatchTask.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}

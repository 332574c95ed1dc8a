using Insula.Engine.Containers;
using Insula.Engine.ProcFs;
using Insula.Linux.Fuse;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>Answers what containers read. When the keeper dies, it takes the keeper's place.</summary>
/// <param name="engine">The host's containers.</param>
/// <param name="served">What is served.</param>
internal sealed class Worker(EngineContext engine, ServedConnection served)
{
    /// <summary>Serves until the file system is unmounted everywhere.</summary>
    /// <param name="keeper">The reading end of a pipe whose other end only the keeper has.</param>
    public void Run(FileDescriptor keeper)
    {
        var views = new ContainerViews(engine);
        using var slots = SharedSlots.Adopt(served.Requests.Duplicate());
        var tree = new ProcTree(views);
        using var load = new LoadSampler(engine, views, tree);
        new Thread(() => InheritAfter(keeper)) { IsBackground = true, Name = "keeper" }.Start();
        load.Start();
        var question = ListenerStore.OpenSlot(served.Descriptors);
        var information = new QuestionServer(views, new QuotaAnswers(engine), ListenerStore.Parked(served.Descriptors), question, error => engine.Reporter.Error(error.Message));
        information.Begin();
        new Thread(information.Run) { IsBackground = true, Name = "sysinfo" }.Start();
        new Thread(() => Watch(information)) { IsBackground = true, Name = "watcher" }.Start();
        using var server = new FuseServer(served.Connection, slots, tree, error => engine.Reporter.Error(error.Message));
        server.Run();
    }

    // What goes wrong with one container must not end what serves them all.
    private void Watch(QuestionServer information)
    {
        while (true)
        {
            try
            {
                using var watcher = new Watching.Watcher(engine, served.Listener, information);
                watcher.Run();
                return;
            }
            catch (Exception error) when (error is LinuxException or InsulaException or IOException or UnauthorizedAccessException)
            {
                engine.Reporter.Error($"Watching the containers failed and begins anew: {error.Message}");
                Thread.Sleep(TimeSpan.FromSeconds(1));
            }
        }
    }

    private void InheritAfter(FileDescriptor keeper)
    {
        Span<byte> word = stackalloc byte[1];
        var leaves = Files.TryRead(keeper, word) > 0;
        if (!leaves)
            engine.Reporter.Warning("The keeper has died; taking its place");
        served.Descriptors.KeepOverExec(true);
        var role = DaemonRole.Of(leaves ? DaemonKind.Leaver : DaemonKind.Heir, served.Descriptors);
        ProcessImage.Replace("/proc/self/exe", role.Arguments(), WorkerProcess.Environment(engine.Layout));
    }
}

using System.Runtime.InteropServices;
using Insula.Bench;
using Insula.Bench.Contenders;
using Insula.Bench.Measurements;

// Measures Insula beside the peers installed on this machine, in one run with interleaved rounds, and prints Markdown.
if (Options.Parse(args) is not { } options)
    return args.Contains("--help") ? 0 : 20;
if (!Environment.IsPrivilegedProcess)
{
    Console.Error.WriteLine("the benchmark starts containers and needs root");
    return 1;
}

using var stop = new CancellationTokenSource();
void Interrupt(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
var report = new Report();
try
{
    using var workspace = new Workspace(options.Binary);
    // Far from the numbers people give; the address is of those for documentation (RFC 5737) and leads nowhere.
    var insula = new InsulaContender(workspace, "900101");
    var withAddress = new InsulaContender(workspace, "900102", "198.51.100.101");
    IContender[] contenders = [insula, withAddress, .. Peers.Installed(workspace)];
    (string Name, Action Measure)[] measurements =
    [
        ("start", () => LifeCycle.Measure(contenders, options, report, stop.Token)),
        ("create", () => Creation.Measure(insula, workspace, options, report, stop.Token)),
        ("list", () => Listing.Measure(workspace, options, report, stop.Token)),
        ("beancounters", () => Beancounters.Measure(workspace, options, report, stop.Token)),
        ("proc", () => VirtualFiles.Measure(workspace, options, report, stop.Token)),
        ("net", () => Networking.Measure(workspace, options, report, stop.Token)),
        ("footprint", () => Footprint.Measure(workspace, insula, options, report, stop.Token)),
    ];
    Machine.Describe(contenders, options, report);
    foreach (var (name, measure) in measurements.Where(measurement => options.Wants(measurement.Name)))
    {
        Console.Error.WriteLine($"measuring {name} ...");
        report.Attempt(name, measure);
    }
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("interrupted; everything made has been removed");
    return 130;
}

report.Print(Console.Out);
return report.AllMeasured ? 0 : 1;

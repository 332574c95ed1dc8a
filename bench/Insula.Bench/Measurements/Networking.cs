using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Insula.Bench.Contenders;

namespace Insula.Bench.Measurements;

/// <summary>
/// TCP between containers, and from one to a network beyond the host, beside a bare veth pair between two namespaces; what setting up the network costs.
/// The host side is a network namespace of this run's own.
/// </summary>
internal sealed class Networking : IDisposable
{
    private const int Port = 5201, Milliseconds = 1000, Exchanges = 5000, MostRounds = 7, ManyAddresses = 1000, ManyContainers = 1000, SetUpRounds = 20;
    private const int LimitedKilobits = 20_000;

    private readonly Workspace _workspace;
    private readonly Options _options;
    private readonly Report _report;
    private readonly CancellationToken _stop;
    private readonly string _config;
    private readonly string _program;
    private readonly BenchNetwork _host, _beyond, _left, _right;
    private readonly List<IDisposable> _made = [];
    private readonly List<Process> _servers = [];
    private readonly List<string> _containers = [];

    private Networking(Workspace workspace, Options options, Report report, CancellationToken stop)
    {
        (_workspace, _options, _report, _stop) = (workspace, options, report, stop);
        _config = workspace.MakeConfiguration("net");
        _program = Compile();
        (_host, _beyond, _left, _right) = (NewNetwork(), NewNetwork(), NewNetwork(), NewNetwork());
    }

    public static void Measure(Workspace workspace, Options options, Report report, CancellationToken stop)
    {
        using var networking = new Networking(workspace, options, report, stop);
        networking.Prepare();
        networking.MeasureTraffic();
        networking.MeasureRate();
        networking.MeasureSetUp();
    }

    private BenchNetwork NewNetwork()
    {
        var network = new BenchNetwork(_workspace.OutputFile);
        _made.Add(network);
        return network;
    }

    private Command Insula(string program, params string[] arguments)
        => _host.Enter(Path.Combine(_workspace.Root, "bin", program), arguments, ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "INSULA_CONFIG_DIR=" + _config]);

    private void Prepare()
    {
        _host.Run("/bin/sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        Wire(_host, "up0", "192.0.2.1", _beyond, "192.0.2.2");
        _beyond.Run("/usr/sbin/ip", "route", "add", "198.51.100.0/24", "via", "192.0.2.1");
        Wire(_left, "v0", "192.0.2.11", _right, "192.0.2.12");
        Serve(_beyond);
        Serve(_right);
        Insula("insula", "template", "import", BusyboxTree.Make(_workspace, "net-template"), "--name", InsulaContender.Template).Run();
        Insula("insula", "net", "add-bridge", "br0").Run();
        foreach (var (ctid, address, bridged) in ((string, string, string)[])[("900201", "198.51.100.1", "203.0.113.1"), ("900202", "198.51.100.2", "203.0.113.2")])
            Start(ctid, address, bridged);
        Serve("900202");
    }

    private void Wire(BenchNetwork here, string name, string address, BenchNetwork there, string otherAddress)
    {
        here.Run("/usr/sbin/ip", "link", "add", name, "type", "veth", "peer", "name", "far", "netns", $"{there.Pid}");
        here.Run("/usr/sbin/ip", "addr", "add", $"{address}/24", "dev", name);
        there.Run("/usr/sbin/ip", "addr", "add", $"{otherAddress}/24", "dev", "far");
        here.Run("/usr/sbin/ip", "link", "set", name, "up");
        there.Run("/usr/sbin/ip", "link", "set", "far", "up");
    }

    private void Create(string ctid)
    {
        _containers.Add(ctid);
        Insula("vzctl", "create", ctid, "--ostemplate", InsulaContender.Template).Run();
    }

    private void Start(string ctid, string address, string bridged)
    {
        Create(ctid);
        Insula("vzctl", "set", ctid, "--ipadd", address, "--netif_add", "eth0,,,,br0", "--save").Run();
        Insula("vzctl", "set", ctid, "--ifname", "eth0", "--ipadd", $"{bridged}/24", "--save").Run();
        Insula("vzctl", "start", ctid).Run();
        Inside(ctid, "/usr/sbin/ip", "link", "set", "eth0", "up").Run();
        if (!Inside(ctid, "/usr/sbin/ip", "addr", "add", $"{bridged}/24", "dev", "eth0").TryRun())
            Inside(ctid, "/usr/sbin/ip", "addr", "show", "dev", "eth0").Run();
    }

    private string InitOf(string ctid) => File.ReadAllText(Path.Combine(Path.GetDirectoryName(_config)!, "run", ctid, "init")).Split(' ')[0];

    // The network of a container without its files: what runs there is the same program for everyone.
    private Command Inside(string ctid, string program, params string[] arguments)
        => new("/usr/bin/nsenter", [$"--net=/proc/{InitOf(ctid)}/ns/net", "--", program, .. arguments]) { OutputFile = _workspace.OutputFile };

    private void Serve(BenchNetwork network) => _servers.Add(network.Start(_program, "serve", $"{Port}"));

    private void Serve(string ctid) => _servers.Add(Process.Start("/usr/bin/nsenter", [$"--net=/proc/{InitOf(ctid)}/ns/net", "--", _program, "serve", $"{Port}"]));

    private void MeasureTraffic()
    {
        Way[] ways =
        [
            new("bare veth", words => _left.Enter(_program, words), "192.0.2.12"),
            new("venet, container to container", words => Inside("900201", _program, words), "198.51.100.2"),
            new("venet, container to uplink", words => Inside("900201", _program, words), "192.0.2.2"),
            new("bridge, container to container", words => Inside("900201", _program, words), "203.0.113.2"),
        ];
        for (var round = -1; round < Math.Min(_options.Rounds, MostRounds); round++)
        {
            foreach (var way in ways)
            {
                _stop.ThrowIfCancellationRequested();
                way.Measure(round >= 0);
            }
        }
        foreach (var way in ways.Skip(1))
        {
            _report.Compare($"{way.Name}: Mbit/s", Middle(way.Streams), "bare veth", Middle(ways[0].Streams), atLeast: 0.95, atMost: null);
            _report.Compare($"{way.Name}: µs", Middle(way.Latencies), "bare veth", Middle(ways[0].Latencies), atLeast: null, atMost: 1.1);
        }
        _report.Note($"TCP by one connection for {Milliseconds} ms, and {Exchanges} exchanges of one byte, by a program of the benchmark's own (netload.c) in the network namespace of each end; the traffic of containers is counted.");
    }

    private void MeasureRate()
    {
        Insula("vzctl", "set", "900201", "--rate", string.Create(CultureInfo.InvariantCulture, $"*:1:{LimitedKilobits}"), "--ratebound", "yes").Run();
        var limited = new List<double>();
        for (var round = 0; round < Math.Min(_options.Rounds, 3); round++)
            limited.Add(Number(Inside("900201", _program, "stream", "192.0.2.2", $"{Port}", $"{3 * Milliseconds}")));
        Insula("vzctl", "set", "900201", "--rate", "none", "--ratebound", "no").Run();
        _report.Compare($"--rate of {LimitedKilobits / 1000} Mbit/s: Mbit/s that TCP gets", Middle(limited), "asked", LimitedKilobits / 1000.0, atLeast: 0.8, atMost: 1.2);
    }

    // Whole commands, with and without an address; creating the links is measured apart and taken off.
    private void MeasureSetUp()
    {
        Create("900203");
        Create("900204");
        Insula("vzctl", "set", "900204", "--ipadd", "198.51.100.4", "--save").Run();
        var (without, with) = (new Samples(), new Samples());
        var (nothing, links) = (new Samples(), new Samples());
        using var there = new BenchNetwork(_workspace.OutputFile);
        EachStart(round =>
        {
            StartAndStop("900203", without, round);
            StartAndStop("900204", with, round);
            MakeLinks(there, nothing, links, round);
        });
        var more = with.Minimum - without.Minimum;
        var bare = Math.Max(0, links.Minimum - nothing.Minimum);
        _report.Value("network at start, beyond creating the links", more - bare, "ms", 2);
        _report.Note($"The fastest starts with and without an address differ by {more:0.0} ms; ip(8) makes a veth pair into another namespace in {bare:0.0} ms.");

        Create("900205");
        var file = Path.Combine(_config, "conf", "900205.conf");
        File.AppendAllText(file, $"IP_ADDRESS=\"{string.Join(' ', Enumerable.Range(0, ManyAddresses).Select(i => $"10.77.{i / 250}.{1 + (i % 250)}"))}\"\n");
        Insula("vzctl", "start", "900205").Run();
        var among = new Samples();
        EachStart(round => StartAndStop("900204", among, round));
        _report.Ratio($"start with an address, {ManyAddresses} addresses there", among, "none there", with, 2);
        MeasureMany(with);
    }

    private void MeasureMany(Samples alone)
    {
        for (var i = 0; i < ManyContainers; i++)
        {
            _stop.ThrowIfCancellationRequested();
            var ctid = string.Create(CultureInfo.InvariantCulture, $"{901000 + i}");
            Create(ctid);
            File.AppendAllText(Path.Combine(_config, "conf", $"{ctid}.conf"), $"IP_ADDRESS=\"10.78.{i / 250}.{1 + (i % 250)}\"\n");
            Insula("vzctl", "start", ctid).Run();
        }
        var among = new Samples();
        EachStart(round => StartAndStop("900204", among, round));
        _report.Ratio($"start with an address, {ManyContainers} containers with one running", among, "none there", alone, 2);
    }

    private void EachStart(Action<int> round)
    {
        for (var i = -1; i < Math.Min(_options.Rounds, SetUpRounds); i++)
        {
            _stop.ThrowIfCancellationRequested();
            round(i);
        }
    }

    private void StartAndStop(string ctid, Samples samples, int round)
    {
        samples.Measure(Insula("vzctl", "start", ctid), round);
        Insula("vzctl", "stop", ctid, "--fast").Run();
    }

    // A veth pair into another namespace, this end up: without it there is no network at all.
    private void MakeLinks(BenchNetwork there, Samples nothing, Samples links, int round)
    {
        var commands = Path.Combine(_workspace.Root, "links");
        File.WriteAllText(commands, $"link add bench0 type veth peer name venet0 netns {there.Pid}\nlink set bench0 up\n");
        nothing.Measure(_host.Enter("/usr/sbin/ip", "-batch", "/dev/null"), round);
        links.Measure(_host.Enter("/usr/sbin/ip", "-batch", commands), round);
        _host.Run("/usr/sbin/ip", "link", "del", "bench0");
    }

    private void Remove(string ctid)
    {
        Insula("vzctl", "stop", ctid, "--fast").TryRun();
        Insula("vzctl", "umount", ctid).TryRun();
        Insula("vzctl", "destroy", ctid).TryRun();
    }

    private static double Number(Command command)
    {
        command.Run();
        return double.Parse(command.Output, CultureInfo.InvariantCulture);
    }

    private static double? Middle(List<double> figures) => figures.Count == 0 ? null : figures.Order().ElementAt(figures.Count / 2);

    private string Compile()
    {
        var program = Path.Combine(_workspace.MakeDirectory("netload"), "netload");
        new Command("/usr/bin/gcc", "-O2", "-static", "-o", program, Source()) { OutputFile = _workspace.OutputFile }.Run();
        return program;
    }

    private static string Source([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(here)!)!, "netload.c");

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        }
        _containers.ForEach(Remove);
        _made.ForEach(each => each.Dispose());
    }

    /// <summary>One way from a client to a server.</summary>
    private sealed class Way(string name, Func<string[], Command> client, string address)
    {
        public string Name => name;

        public List<double> Streams { get; } = [];

        public List<double> Latencies { get; } = [];

        public void Measure(bool counts)
        {
            var stream = Number(client(["stream", address, $"{Port}", $"{Milliseconds}"]));
            var latency = Number(client(["latency", address, $"{Port}", $"{Exchanges}"]));
            if (!counts)
                return;
            Streams.Add(stream);
            Latencies.Add(latency);
        }
    }
}

using Insula.System.Tests.Network;

namespace Insula.System.Tests.Commands;

/// <summary>
/// An installation whose host side is a network namespace of the test's own. Disposing it fails the test if anything of a container was left there.
/// </summary>
internal sealed class NetworkHost : IDisposable
{
    public NetworkHost() => Host.Network = Network;

    public PrivateNetwork Network { get; } = new();

    public CommandHost Host { get; } = new();

    public CommandResult Vzctl(params IReadOnlyList<string> arguments) => Host.Vzctl(arguments);

    /// <summary>A line of vz.conf; the last of a key counts.</summary>
    public void Configure(string key, string value)
    {
        var file = Path.Combine(Host.Base, "etc/vz.conf");
        File.WriteAllLines(file, [.. File.ReadLines(file).Where(line => !line.StartsWith($"{key}=", StringComparison.Ordinal)), $"{key}=\"{value}\""]);
    }

    public int Init(int ctid) => int.Parse(File.ReadAllText($"{Host.Base}/run/{ctid}/init").Split(' ', '\n')[0]);

    /// <summary>Runs a program of the host in the network of a container.</summary>
    public string Inside(int ctid, params string[] command) => Network.Run([.. EntryOf(ctid), .. command]);

    /// <summary>True if an address answers from inside, be it after a while.</summary>
    public bool Pings(int ctid, string address) => Enumerable.Range(0, 30).Any(_ => PingsOnce(ctid, address));

    public bool PingsOnce(int ctid, string address) => Network.TryRun([.. EntryOf(ctid), "ping", "-n", "-c", "1", "-W", "1", address]).Code == 0;

    public IReadOnlyList<string> EntryOf(int ctid) => ["nsenter", $"--net=/proc/{Init(ctid)}/ns/net", "--"];

    /// <summary>A container with eth0 on a bridge and two addresses, which its owner has configured.</summary>
    public int Bridged(string bridge, string address4, string address6, params string[] options)
    {
        var ctid = Host.Container();
        Vzctl("set", $"{ctid}", "--netif_add", $"eth0,,,,{bridge}", "--save").Succeeds();
        Vzctl(["set", $"{ctid}", "--ifname", "eth0", "--ipadd", address4, "--ipadd", address6, .. options, "--save"]).Succeeds();
        Vzctl("start", $"{ctid}").Succeeds();
        BringUp(ctid, "eth0", address4, address6);
        return ctid;
    }

    /// <summary>What the network service of a container does, which busybox has not.</summary>
    public void BringUp(int ctid, string link, string address4, string address6)
        => Inside(ctid, "sh", "-c", $"ip link set {link} up; ip addr add {address4} dev {link}; ip addr add {address6} dev {link} nodad");

    public void Dispose()
    {
        Host.Dispose();
        var links = Network.Run("ip", "-o", "link");
        var rules = Network.TryRun("nft", "list", "ruleset").Output;
        Network.Dispose();
        Assert.DoesNotContain("insula CT", links);
        Assert.DoesNotMatch("venet[0-9]", links);
        Assert.DoesNotContain("insula", rules);
    }
}

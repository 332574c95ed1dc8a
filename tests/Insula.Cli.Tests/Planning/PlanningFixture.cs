using Insula.Engine.Beancounters;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using static Insula.Engine.Beancounters.BeancounterResources;

namespace Insula.Cli.Tests.Planning;

/// <summary>Hosts with containers whose accounts are known.</summary>
internal static class PlanningFixture
{
    private const long Unlimited = BarrierLimit.Unlimited;

    /// <summary>The host, a container by beancounters (101) and one by memory and swap (102), both running.</summary>
    public static CliFixture WithTwoContainers()
    {
        var cli = new CliFixture();
        cli.WriteContainer(101, Basic, "web");
        cli.WriteContainer(102, "PHYSPAGES=\"0:262144\"\nSWAPPAGES=\"0:524288\"\n");
        cli.Beancounters =
        [
            Of(0, []),
            Of(101,
            [
                new(KernelMemory, 2_678_940, 4_325_376, 14_372_700, 14_790_164, 0), new(TcpSendBuffers, 20_000, 20_000, 1_720_320, 2_703_360, 0),
                new(TcpReceiveBuffers, 16_384, 16_384, 1_720_320, 2_703_360, 0), new(OtherSendBuffers, 9_000, 9_000, 1_126_080, 2_097_152, 0),
                new(DatagramReceiveBuffers, 0, 8_000, 262_144, 262_144, 0), new(Memory, 12_345, 20_000, 0, Unlimited, 0),
                new(OomGuarantee, 12_400, 20_100, 26_112, Unlimited, 0), new(PrivateMemory, 30_000, 40_000, 65_536, 69_632, 2),
                new(GuaranteedMemory, 0, 0, 33_792, Unlimited, 0), new(Processes, 23, 40, 240, 240, 1), new(Swap, 0, 0, 0, Unlimited, 0),
            ]),
            Of(102,
            [
                new(KernelMemory, 1_000_000, 1_000_000, Unlimited, Unlimited, 0), new(Memory, 131_072, 262_144, 0, 262_144, 17),
                new(OomGuarantee, 131_500, 262_144, 262_144, Unlimited, 0), new(PrivateMemory, 200_000, 300_000, Unlimited, Unlimited, 0),
                new(GuaranteedMemory, 0, 0, 786_432, Unlimited, 0), new(Processes, 12, 15, Unlimited, Unlimited, 0), new(Swap, 428, 1_804, 0, 524_288, 0),
            ]),
        ];
        return cli;
    }

    /// <summary>The sample "basic" as it is packaged, in short.</summary>
    public const string Basic = """
        # a web server
        NUMPROC="240"
        AVNUMPROC="180"
        NUMTCPSOCK="360"
        NUMOTHERSOCK="360"
        VMGUARPAGES="33792:unlimited"
        KMEMSIZE="14372700:14790164"
        TCPSNDBUF="1720320:2703360"
        TCPRCVBUF="1720320:2703360"
        OTHERSOCKBUF="1126080:2097152"
        DGRAMRCVBUF="262144:262144"
        OOMGUARPAGES="26112:unlimited"
        PRIVVMPAGES="65536:69632"
        LOCKEDPAGES="2048:2048"
        SHMPAGES="21504:21504"
        PHYSPAGES="0:unlimited"
        NUMFILE="9312"
        NUMFLOCK="188:206"
        NUMPTY="16"
        NUMSIGINFO="256"
        DCACHESIZE="3409920:3624960"
        NUMIPTENT="128"
        CPUUNITS="1000"
        MY_OWN="kept"

        """;

    private static Beancounter Of(int ctid, BeancounterReading[] rows) => new(new Ctid(ctid), [.. All.Select(resource =>
        rows.FirstOrDefault(row => row.Resource == resource) is { Resource: not null } known
            ? known
            : new BeancounterReading(resource, 0, 0, Unlimited, Unlimited, 0))]);
}

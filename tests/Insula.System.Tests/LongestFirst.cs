using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Insula.System.Tests.LongestFirst))]

namespace Insula.System.Tests;

/// <summary>Begins with the classes that take longest, so that none of them is left running alone at the end of a run.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Order =
    [
        "FirewallTests", "WatchTests", "DiskSpaceTests", "FaultTests", "TrustTests", "CpuTimeTests", "TrafficTests", "LifeCycleTests", "InterfaceTests",
        "NetworkProofTests", "BeancounterTests", "DiskTimeTests", "ImageLayoutTests", "DaemonDeathTests", "SystemInformationTests", "ContainerFigureTests",
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
        => [.. testCollections.OrderBy(collection => RankOf(collection.TestCollectionDisplayName)).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    // "Test collection for Insula.System.Tests.Commands.FirewallTests (id: ..)"
    private static int RankOf(string collection)
    {
        var rank = Array.FindIndex(Order, name => collection.Contains($".{name} ", StringComparison.Ordinal));
        return rank < 0 ? Order.Length : rank;
    }
}

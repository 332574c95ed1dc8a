[assembly: AssemblyFixture(typeof(Insula.System.Tests.RunFixture))]

namespace Insula.System.Tests;

/// <summary>What tests share until the last of them has ended.</summary>
public sealed class RunFixture : IDisposable
{
    public void Dispose() => Beancounters.CountedGroup.EndShared();
}

namespace Insula.RefHost.Tests;

/// <summary>Two wired hosts for all tests of a class.</summary>
public sealed class WiredHosts : IDisposable
{
    public WiredHosts() => (First, Second) = ReferenceHost.StartWired("wired");

    public ReferenceHost First { get; }

    public ReferenceHost Second { get; }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}

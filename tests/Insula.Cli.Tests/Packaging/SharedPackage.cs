namespace Insula.Cli.Tests.Packaging;

/// <summary>The package as it is built without options, once for all tests that look at it: packing takes most of their time.</summary>
public sealed class SharedPackage : IDisposable
{
    private DebianPackage? _package;

    // Built when the first test asks, for a test that cannot run here says so itself.
    internal DebianPackage Package => _package ??= new DebianPackage(environment: [("TZ", "Asia/Tokyo")]);

    public void Dispose() => _package?.Dispose();
}

namespace Insula.System.Tests.Commands;

/// <summary>
/// A static program that takes one resource until the kernel refuses, built with the tests (probe.c) and put into containers. It prints
/// how many it got and the errno of the refusal.
/// </summary>
internal static class Probe
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "probe");

    /// <summary>Puts it into a running container as /bin/probe.</summary>
    public static void Install(CommandHost host, int ctid)
    {
        Assert.SkipUnless(File.Exists(Program), "these tests were built without gcc");
        var target = Path.Combine(host.Root(ctid), "bin/probe");
        File.Copy(Program, target, overwrite: true);
        File.SetUnixFileMode(target, (UnixFileMode)0x1ED);
    }
}

using System.Diagnostics;

namespace Insula.RefHost.Tests;

/// <summary>A reference host, driven from outside through <c>build.sh refhost</c>. What it is given as payload has Insula, ready to be copied in.</summary>
public sealed class ReferenceHost : IDisposable
{
    private ReferenceHost(string name) => Name = name;

    /// <summary>Its name in <c>build.sh refhost list</c>.</summary>
    public string Name { get; }

    /// <summary>Starts two hosts whose second network cards are wired together: eth1 is 10.77.0.1 and fd77::1 in the first, 2 in the second.</summary>
    public static (ReferenceHost First, ReferenceHost Second) StartWired(string name)
    {
        Assert.SkipWhen(Build is null, "needs reference hosts: sudo ./build.sh test --host ref");
        var first = new ReferenceHost($"{name}-a-{Environment.ProcessId}");
        var second = new ReferenceHost($"{name}-b-{Environment.ProcessId}");
        try
        {
            var (code, output) = Refhost("start", "--kind", Kind, "--payload", Environment.GetEnvironmentVariable("INSULA_GUEST_PAYLOAD")!, first.Name, second.Name);
            Assert.True(code == 0, output);
            first.Prepare();
            second.Prepare();
            return (first, second);
        }
        catch
        {
            first.Dispose();
            second.Dispose();
            throw;
        }
    }

    /// <summary>The output of shell text that root runs; fails the test if it fails.</summary>
    public string Run(string text)
    {
        var (code, output) = TryRun(text);
        Assert.True(code == 0, $"{Name}: {text}: code {code}\n{output}");
        return output;
    }

    /// <summary>Exit code and output, errors included, of shell text that root runs.</summary>
    public (int Code, string Output) TryRun(string text) => Refhost("run", Name, text);

    /// <summary>Ends it, if it still is.</summary>
    public void Dispose() => Refhost("stop", Name);

    private static string? Build => Environment.GetEnvironmentVariable("INSULA_BUILD");

    private static string Kind => Environment.GetEnvironmentVariable("INSULA_REFHOST_KIND")!;

    // What installing and preparing would do on a host of a user's.
    private void Prepare()
    {
        Run("cp -a /payload/root/. /");
        Run("sed -i 's/^NEIGHBOUR_DEVS=.*/NEIGHBOUR_DEVS=\"list:eth1\"/' /etc/vz/vz.conf");
        Run("insula host prepare && insula template create busybox");
    }

    private static (int Code, string Output) Refhost(params string[] arguments)
    {
        var start = new ProcessStartInfo(Build!, ["refhost", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}

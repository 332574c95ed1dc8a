using System.Diagnostics;
using Insula.Engine.Host;
using Insula.Linux.BlockDevices;

namespace Insula.System.Tests.Storage;

/// <summary>A disk of this test's own: a sparse file on a loop device, with a file system mounted if asked. Gone with the object.</summary>
public sealed class LoopDisk : IDisposable
{
    private readonly string _file;
    private readonly LoopDevice _loop;
    private readonly string? _scheduler;
    private string? _mountPoint;

    public LoopDisk(long megabytes)
    {
        Require.Root();
        Require.Feature(StorageFeatures.Loop);
        _file = Path.GetTempFileName();
        using (var file = File.OpenWrite(_file))
            file.SetLength(megabytes << 20);
        _loop = LoopDevice.Attach(_file);
        Device = new BlockDeviceTable().Find(_loop.Name)!;
        _scheduler = Device.Scheduler;
    }

    public BlockDevice Device { get; }

    public string Node => _loop.Node;

    /// <summary>A disk with a file system of a kind, mounted; the test is skipped where the kernel or the tools do not know it.</summary>
    public static LoopDisk Mounted(string type, long megabytes, string mountPoint, string options = "", params string[] mkfsOptions)
    {
        Require.FileSystem(type);
        Assert.SkipUnless(File.Exists($"/usr/sbin/mkfs.{type}") || File.Exists($"/sbin/mkfs.{type}"), $"needs mkfs.{type}");
        var disk = new LoopDisk(megabytes);
        try
        {
            Run($"mkfs.{type}", [.. mkfsOptions, disk.Node]);
            Directory.CreateDirectory(mountPoint);
            if (options.Length == 0)
                Run("mount", disk.Node, mountPoint);
            else
                Assert.SkipUnless(TryRun("mount", "-o", options, disk.Node, mountPoint), $"this kernel mounts no {type} with {options}");
            disk._mountPoint = mountPoint;
            return disk;
        }
        catch
        {
            disk.Dispose();
            throw;
        }
    }

    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output} {error.Result}");
        return output;
    }

    // A kernel without quota formats knows the option and refuses it.
    private static bool TryRun(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    public void Dispose()
    {
        if (_mountPoint is { } point)
            Run("umount", point);
        // The device keeps it for whoever is next.
        if (_scheduler is { } old && Device.Scheduler != old)
            Device.SetScheduler(old);
        _loop.Dispose();
        File.Delete(_file);
    }
}

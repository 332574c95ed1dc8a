using System.Diagnostics;
using System.Globalization;
using Insula.Engine.Templates;

namespace Insula.Engine.Storage;

/// <summary>The programs of e2fsprogs that make, check and resize an ext4 which is not mounted; no system call does.</summary>
internal static class Ext4Tools
{
    private const string Package = "e2fsprogs";
    private const int Corrected = 1; // e2fsck(8): 0 no errors, 1 errors corrected, 4 and more: errors left or it failed
    private const int OwnInodes = 16 + ImageReserve.Files; // those the file system needs for itself, upper/ and work/, and the reserve

    // Each KiB that mke2fs would give to the administrator alone would be one that df inside does not show.
    private static readonly string[] Format = ["-q", "-F", "-t", "ext4", "-b", "4096", "-m", "0"];

    /// <summary>Formats a file. Tables are written when they are first used, so that the file holds next to nothing.</summary>
    /// <param name="file">An existing file of the size wanted.</param>
    /// <param name="inodes">How many inodes; 0: as many as mke2fs finds fit.</param>
    /// <exception cref="InsulaException">151: it cannot be formatted; 46: the disk below it is full; 6: there is no mkfs.ext4.</exception>
    public static void Create(string file, long inodes)
    {
        var count = inodes == 0 ? Array.Empty<string>() : ["-N", (inodes + OwnInodes).ToString(CultureInfo.InvariantCulture)];
        var (code, output) = Run("mkfs.ext4", "make a disk image", [.. Format, .. count, "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=0:0", file]);
        if (code != 0)
            throw new InsulaException(output.Contains("No space left", StringComparison.Ordinal) ? ExitCode.NoDiskSpace : ExitCode.CreateImage, $"Unable to format {file}: {output}");
    }

    /// <summary>Checks a file and repairs what can be repaired without asking (e2fsck -p).</summary>
    /// <param name="file">The image; it is not mounted.</param>
    /// <param name="always">Also if it looks clean.</param>
    /// <exception cref="InsulaException">152: somebody has to look at it.</exception>
    public static void Check(string file, bool always)
    {
        var (code, output) = Run("e2fsck", "check a disk image", always ? ["-p", "-f", file] : ["-p", file]);
        if (code > Corrected)
            throw new InsulaException(ExitCode.MountImage, $"The file system in {file} is damaged: {output}", $"repair it with: e2fsck {file}");
    }

    /// <summary>The fewest bytes that what is in a file fits into, as resize2fs estimates it.</summary>
    public static long SmallestSize(string file, int blockSize)
    {
        // "Estimated minimum size of the filesystem: 1234", in blocks
        var (code, output) = Run("resize2fs", "resize a disk image", ["-P", file]);
        var number = output[(output.LastIndexOf(' ') + 1)..];
        return code == 0 && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var blocks)
            ? blocks * blockSize
            : throw new InsulaException(ExitCode.ResizeImage, $"Unable to find out how far {file} can shrink: {output}");
    }

    /// <summary>Resizes the file system in a file, which has been checked and is not mounted.</summary>
    public static void Resize(string file, long kib)
    {
        var (code, output) = Run("resize2fs", "resize a disk image", [file, string.Create(CultureInfo.InvariantCulture, $"{kib}K")]);
        if (code != 0)
            throw new InsulaException(ExitCode.ResizeImage, $"Unable to resize {file}: {output}");
    }

    /// <summary>Switches quotas of users and groups on or off in a file that is not mounted.</summary>
    public static void SetQuota(string file, bool on)
    {
        var (code, output) = Run("tune2fs", "set up quotas in a disk image", on ? ["-O", "quota", "-Q", "usrquota,grpquota", file] : ["-O", "^quota", file]);
        if (code != 0)
            throw new InsulaException(ExitCode.SetUserQuota, $"Unable to switch quotas in {file} {(on ? "on" : "off")}: {output}");
    }

    // The last line of its output, else of its errors, says the result or what is wrong; on standard error they also give their version.
    private static (int Code, string Output) Run(string program, string purpose, ReadOnlySpan<string> arguments)
    {
        var path = HostProgram.Require(program, Package, purpose);
        using var process = Process.Start(HostProgram.Command(path, arguments)) ?? throw new InsulaException(ExitCode.NotEnoughResources, $"Cannot start {path}");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var lines = $"{errors.Result}\n{output}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (process.ExitCode, lines.Length == 0 ? $"exit code {process.ExitCode}" : lines[^1]);
    }
}

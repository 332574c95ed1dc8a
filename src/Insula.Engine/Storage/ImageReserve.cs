using Insula.Linux.Syscalls;

namespace Insula.Engine.Storage;

/// <summary>
/// A little space in a container's image that the container cannot use: a handful of small files beside upper/. They are removed before
/// the overlay is mounted and the container's settings are written, both of which need some blocks and inodes, and put back afterwards,
/// so that a container that has filled its disk can still be started.
/// </summary>
internal static class ImageReserve
{
    /// <summary>How many files, each of one block.</summary>
    public const int Files = 32;

    private const int Block = 4096;

    /// <summary>Frees it.</summary>
    /// <param name="point">Where the image is mounted.</param>
    public static void Release(string point)
    {
        // Not there before the first mount.
        if (!Directory.Exists(DirectoryOf(point)))
            return;
        for (var i = 0; i < Files; i++)
            File.Delete(PathOf(point, i));
    }

    /// <summary>Takes it back; what there is no room for is not taken.</summary>
    public static void Hold(string point)
    {
        var block = new byte[Block];
        try
        {
            Directory.CreateDirectory(DirectoryOf(point), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            for (var i = 0; i < Files; i++)
            {
                if (!File.Exists(PathOf(point, i)))
                    File.WriteAllBytes(PathOf(point, i), block);
            }
        }
        // The container's disk is full, to the last block of it.
        catch (IOException error) when (error.HResult is (int)Errno.ENOSPC)
        {
            return;
        }
    }

    private static string DirectoryOf(string point) => Path.Combine(point, "reserve");

    private static string PathOf(string point, int number) => Path.Combine(DirectoryOf(point), number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

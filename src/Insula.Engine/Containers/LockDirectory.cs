using Insula.Engine.Host;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers;

/// <summary>LOCKDIR: made on demand, since it may be on a file system that is empty after a reboot.</summary>
internal static class LockDirectory
{
    /// <summary>Does something in the lock directory and says what is wrong in terms of locking.</summary>
    public static FileLock? Use(HostLayout layout, Func<FileLock?> action)
    {
        try
        {
            try
            {
                return action();
            }
            catch (LinuxException error) when (error.Errno == Errno.ENOENT)
            {
                Directory.CreateDirectory(layout.LockDirectory);
                return action();
            }
        }
        catch (LinuxException error)
        {
            var denied = error.Errno is Errno.EACCES or Errno.EPERM or Errno.EROFS;
            throw new InsulaException(denied ? ExitCode.NoPermission : ExitCode.SystemError, error.Message, cause: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var denied = error is UnauthorizedAccessException;
            throw new InsulaException(
                denied ? ExitCode.NoPermission : ExitCode.SystemError,
                $"Cannot create the lock directory {layout.LockDirectory}: {error.Message}",
                cause: error);
        }
    }
}

using System.Runtime.InteropServices;

namespace Insula.Linux.Syscalls;

/// <summary>
/// The local time by the C library, which reads one small file; TimeZoneInfo reads the whole database's rules and costs more than the
/// rest of a short command.
/// </summary>
public static unsafe partial class LocalTime
{
    /// <summary>struct tm of glibc and musl (ctime(3)).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Tm
    {
        public int Second;
        public int Minute;
        public int Hour;
        public int Day;
        public int Month;
        public int Year;
        public int WeekDay;
        public int YearDay;
        public int Daylight;
        public nint SecondsEastOfUtc;
        public nint ZoneName;
    }

    /// <summary>Now, as local time with its distance from UTC.</summary>
    public static DateTimeOffset Now()
    {
        var now = DateTimeOffset.UtcNow;
        nint seconds = (nint)now.ToUnixTimeSeconds();
        Tm local = default;
        if (LocaltimeR(&seconds, &local) == 0)
            return now;
        // Offsets of history may hold seconds; DateTimeOffset takes whole minutes.
        return now.ToOffset(TimeSpan.FromMinutes(local.SecondsEastOfUtc / 60));
    }

    [LibraryImport("libc", EntryPoint = "localtime_r")]
    private static partial nint LocaltimeR(nint* seconds, Tm* result);
}

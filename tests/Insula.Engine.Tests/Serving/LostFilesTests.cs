using Insula.Engine.Containers;
using Insula.Engine.Serving;
using Insula.Linux.Mounts;

namespace Insula.Engine.Tests.Serving;

/// <summary>Which mounts of a container are of a daemon that is gone.</summary>
public sealed class LostFilesTests
{
    [Fact]
    public void Those_of_another_connection_are_replaced_where_nothing_of_the_containers_own_covers_them()
    {
        var mounts = MountTable.Parse("""
            50 40 0:70 / /proc rw - proc proc rw
            51 50 0:60 /101/proc/meminfo /proc/meminfo ro - fuse.insula insula rw
            52 50 0:60 /101/proc/stat /proc/stat ro - fuse.insula insula rw
            53 52 254:0 /passwd /proc/stat rw - ext4 /dev/vda rw
            54 50 0:61 /101/proc/uptime /proc/uptime ro - fuse.insula insula rw
            55 50 0:60 /1012/proc/swaps /proc/swaps ro - fuse.insula insula rw
            56 50 0:60 /101 /run/insula ro - fuse.insula insula rw
            57 50 0:60 /101/proc/loadavg /proc/loadavg ro - fuse.other other rw
            58 50 0:62 /101/proc/vmstat /mine/vmstat ro - fuse.insula insula rw
            59 58 0:61 /101/proc/vmstat /mine/vmstat ro - fuse.insula insula rw
            """);
        Assert.Equal(
            [("/proc/meminfo", "/101/proc/meminfo"), ("/run/insula", "/101")],
            LostFiles.Find(mounts, new Ctid(101), "0:61"));
    }
}

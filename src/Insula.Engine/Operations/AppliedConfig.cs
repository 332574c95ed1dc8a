using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Operations;

/// <summary>
/// RUNDIR/CTID/config: the parameters a running container really has, which differ from its configuration after a `set` without --save
/// or a change of the file by hand. It goes when the container stops.
/// </summary>
internal static class AppliedConfig
{
    /// <summary>Remembers what was applied.</summary>
    public static void Save(EngineContext engine, ContainerConfig config)
        => AtomicFile.Replace(PathOf(engine, config.Ctid), config.File.ToBytes(), durable: false);

    /// <summary>What was applied last; the stored configuration if that is not known.</summary>
    public static ContainerConfig Load(EngineContext engine, ContainerConfig stored)
    {
        try
        {
            return new ContainerConfig(stored.Ctid, ConfigFile.Load(PathOf(engine, stored.Ctid)), engine.Global.File);
        }
        catch (LinuxException error) when (error.Errno == Errno.ENOENT)
        {
            return stored;
        }
    }

    private static string PathOf(EngineContext engine, Ctid ctid) => Path.Combine(engine.Runtime.DirectoryOf(ctid), "config");
}

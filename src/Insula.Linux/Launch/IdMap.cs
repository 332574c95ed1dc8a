using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>The id map of a container's user namespace: ids 0 to Count-1 inside are Base to Base+Count-1 on the host.</summary>
/// <param name="UidBase">The host's uid that is root inside; never 0 for an unprivileged container.</param>
/// <param name="GidBase">The host's gid that is group 0 inside.</param>
/// <param name="Count">How many ids; 65536.</param>
public readonly record struct IdMap(uint UidBase, uint GidBase, uint Count)
{
    /// <summary>Writes the maps of a process that has just been cloned into a new user namespace (user_namespaces(7)).</summary>
    public void WriteFor(int pid)
    {
        Write($"/proc/{pid}/uid_map", UidBase);
        Write($"/proc/{pid}/gid_map", GidBase);
    }

    /// <summary>
    /// A user namespace with this map and nothing in it, as mount_setattr(2) wants for an id-mapped mount. A child is cloned for
    /// the moment in which the namespace is made; the descriptor then keeps it.
    /// </summary>
    public FileDescriptor CreateUserNamespace()
    {
        using var plan = new LaunchPlan();
        plan.AddGate();
        using var child = Launcher.Start(plan, CloneFlags.NewUser);
        try
        {
            WriteFor(child.Pid);
            return Files.Open($"/proc/{child.Pid}/ns/user", OpenFlags.ReadOnly);
        }
        finally
        {
            child.KillAndReap();
        }
    }

    private void Write(string path, uint first)
    {
        var errno = Files.TryWriteValue(path, $"0 {first} {Count}\n");
        if (errno != Errno.None)
            throw new LinuxException($"map ids 0-{Count - 1} to {first}-{first + Count - 1} in", path, errno);
    }
}

using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>
/// While it lives, the calling thread (and no other: these are the raw system calls) has another effective user and the process other
/// soft limits, as <see cref="UserNamespaceTerms"/> wants for the moment of clone3(2). The file system user stays root, and so do the
/// capabilities: the child still has to reach directories that are closed to everybody else. Signals are blocked by the caller, and the
/// thread is the same from beginning to end.
/// </summary>
internal readonly unsafe ref struct BorrowedIdentity
{
    private const int Unchanged = -1;
    private const uint Root = 0;

    private readonly List<(ProcessLimit Limit, LimitPair Pair)>? _limits;

    private BorrowedIdentity(List<(ProcessLimit, LimitPair)> limits) => _limits = limits;

    public static BorrowedIdentity Take(UserNamespaceTerms? terms)
    {
        if (terms is null)
            return default;
        var identity = new BorrowedIdentity([]);
        try
        {
            identity.SetLimits(terms.Limits);
            Become(terms.Owner);
            return identity;
        }
        catch
        {
            identity.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_limits is null)
            return;
        // Real and saved user are still root, so this cannot be refused. It also makes the permitted capabilities effective again.
        Kernel.Check(Kernel.Call(Syscall.SetResUid, Unchanged, (nint)Root, Unchanged), "become", "root again");
        foreach (var (limit, pair) in _limits)
            Check(ProcessLimits.TrySet(0, limit, pair), $"the limit {limit} back");
    }

    private void SetLimits(IReadOnlyList<(ProcessLimit Limit, ulong Soft)> wanted)
    {
        foreach (var (limit, soft) in wanted)
        {
            var own = ProcessLimits.OwnOf(limit);
            _limits!.Add((limit, own));
            Check(ProcessLimits.TrySet(0, limit, own with { Soft = Math.Min(soft, own.Hard) }), $"the limit {limit}");
        }
    }

    private static void Become(uint owner)
    {
        var header = new CapabilityHeader { Version = CapabilityHeader.Version3 };
        // struct __user_cap_data_struct[2] of capget(2): effective, permitted, inheritable, of bits 0 to 31 and then of 32 to 63.
        var data = stackalloc uint[6];
        Kernel.Check(Kernel.Call(Syscall.CapGet, (nint)(&header), (nint)data), "read", "this thread's capabilities");
        Kernel.Check(Kernel.Call(Syscall.SetResUid, Unchanged, (nint)owner, Unchanged), "become user", $"{owner}");
        // Answers with the user before, never with an error.
        Kernel.Call(Syscall.SetFsUid, (nint)Root);
        Kernel.Check(Kernel.Call(Syscall.CapSet, (nint)(&header), (nint)data), "keep", "this thread's capabilities");
    }

    private static void Check(Errno errno, string what)
    {
        if (errno != Errno.None)
            throw new LinuxException("set", what, errno);
    }
}

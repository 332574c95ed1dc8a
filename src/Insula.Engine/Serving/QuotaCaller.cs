using Insula.Engine.Containers;
using Insula.Linux.FileTrees;
using Insula.Linux.Processes;
using Insula.Linux.Quotas;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>Somebody in a container who calls quotactl(2): what he may, and what his ids are on the host.</summary>
/// <param name="container">The container.</param>
/// <param name="caller">Who it is, as the host sees it.</param>
internal sealed class QuotaCaller(ContainerContext container, ProcessCredentials caller)
{
    /// <summary>Makes a call for him.</summary>
    /// <param name="quotas">The file system's.</param>
    /// <param name="command">The call.</param>
    /// <param name="kind">Whose quota.</param>
    /// <param name="id">The id, as the container has it.</param>
    /// <param name="argument">What the call takes and gives.</param>
    public Errno Call(QuotaControl quotas, QuotaCommand command, QuotaKind kind, uint id, Span<byte> argument)
    {
        // The image counts no projects of the container's.
        if (kind == QuotaKind.Project)
            return Errno.ESRCH;
        var first = kind == QuotaKind.User ? container.Ids.UidBase : container.Ids.GidBase;
        if (command.HasId && id >= IdRange.Size)
            return command.GivesId ? Errno.ENOENT : Errno.EINVAL;
        if (!May(command.Right, kind, first + id) || command.SetsUsage(argument))
            return Errno.EPERM;
        var result = quotas.TryCall(command.Number, kind, command.HasId ? first + id : 0, argument);
        if (result != Errno.None || !command.GivesId)
            return result;
        // The next one after the container's last is somebody else's.
        var next = QuotaCommand.IdIn(argument);
        if (next < first || next - first >= IdRange.Size)
            return Errno.ENOENT;
        QuotaCommand.SetId(argument, next - first);
        return Errno.None;
    }

    private bool May(QuotaRight right, QuotaKind kind, uint hostId) => right switch
    {
        QuotaRight.Anyone => true,
        QuotaRight.Own => IsOwn(kind, hostId) || IsRoot(),
        QuotaRight.Root => IsRoot(),
        _ => false,
    };

    private bool IsOwn(QuotaKind kind, uint hostId)
        => kind == QuotaKind.User ? caller.User == hostId : caller.Group == hostId || caller.Groups.Contains(hostId);

    // Of the container itself: root of a user namespace that somebody made in it has all capabilities there.
    private bool IsRoot()
    {
        if (!caller.Capabilities.Contains(Capability.SysAdmin))
            return false;
        using var init = container.Engine.Runtime.TryOpenInit(container.Ctid);
        return init != null && FileStatus.TryGetTarget($"/proc/{init.Pid}/ns/user", out var space) == 0 && space.Inode == caller.UserNamespace;
    }
}

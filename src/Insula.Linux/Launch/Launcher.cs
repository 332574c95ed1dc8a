using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>Starts a child that walks a plan.</summary>
public static unsafe class Launcher
{
    private const int StackSize = 32768;
    private const int SignalChild = 17;

    /// <summary>
    /// clone3(2) with memory shared, as vfork does but without stopping the parent: no page table is copied, and what the child
    /// finds out (a pid, a descriptor number) is seen by the parent. Signals are blocked around the call and handlers reset in the
    /// child, so that none of the parent's handlers can run there.
    /// </summary>
    /// <param name="plan">The child's life; must stay undisposed until it has ended or executed.</param>
    /// <param name="namespaces">Namespaces to make for it.</param>
    /// <param name="cgroup">A cgroup v2 directory to start in (CLONE_INTO_CGROUP, Linux 5.7), or null.</param>
    /// <param name="ownMemory">
    /// True to give the child a copy of the memory instead, as fork does: setns(2) into a time namespace wants a process of one thread
    /// whose memory nobody shares.
    /// </param>
    /// <param name="terms">On which terms a user namespace is made; null: root's.</param>
    /// <exception cref="LinuxException">clone3 failed.</exception>
    public static LaunchedProcess Start(
        LaunchPlan plan, CloneFlags namespaces, FileDescriptor? cgroup = null, bool ownMemory = false, UserNamespaceTerms? terms = null)
    {
        var calls = plan.Freeze();
        var (errorReader, errorWriter) = Files.Pipe();
        using (errorWriter)
        {
            var pidFd = (int*)plan.Allocate(sizeof(int));
            *pidFd = -1;
            var clone = (CloneArguments*)plan.Allocate((nuint)sizeof(CloneArguments));
            var memory = ownMemory ? CloneFlags.None : CloneFlags.SharedMemory;
            clone->Flags = (ulong)(namespaces | memory | CloneFlags.PidFd | CloneFlags.ClearSignalHandlers);
            clone->PidFd = (ulong)pidFd;
            clone->ExitSignal = SignalChild;
            clone->Stack = (ulong)plan.Allocate(StackSize);
            clone->StackSize = StackSize;
            if (cgroup != null)
            {
                clone->Flags |= (ulong)CloneFlags.IntoCgroup;
                clone->Cgroup = (ulong)cgroup.Number;
            }
            nint pid;
            using (SignalMask.BlockAll())
            using (BorrowedIdentity.Take(terms))
                pid = Walker.Run(clone, calls, plan.Count, errorWriter.Number);
            if (pid < 0)
            {
                errorReader.Dispose();
                throw new LinuxException("create", $"a process in new namespaces ({namespaces})", (Errno)(-pid));
            }
            return new LaunchedProcess(plan, (int)pid, new PidFd(new FileDescriptor(*pidFd), (int)pid), errorReader);
        }
    }
}

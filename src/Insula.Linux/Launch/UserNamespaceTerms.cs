using Insula.Linux.Processes;

namespace Insula.Linux.Launch;

/// <summary>
/// On which terms the kernel makes a user namespace. The kernel counts everything that it counts per user (queued signals, inotify
/// watches, System V memory that is locked) also for the namespace's owner, and holds the namespace as a whole to the soft limits that its
/// maker had (user_namespaces(7), setrlimit(2); kernel/ucount.c). All containers that root makes as root therefore share one account;
/// with an owner of its own, a container has an account of its own.
/// </summary>
/// <param name="Owner">The host's uid that is to own the namespace: the container's root. Nobody outside the container may have it.</param>
/// <param name="Limits">The soft limits to make it with.</param>
public sealed record UserNamespaceTerms(uint Owner, IReadOnlyList<(ProcessLimit Limit, ulong Soft)> Limits);

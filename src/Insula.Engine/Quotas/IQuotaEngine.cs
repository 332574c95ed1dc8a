using Insula.Engine.Containers;

namespace Insula.Engine.Quotas;

/// <summary>
/// What vzquota and its kin ask for. Each call that changes something holds the container's lock and throws
/// <see cref="VzQuotaException"/> with vzquota's exit code.
/// </summary>
public interface IQuotaEngine
{
    /// <summary>Counts what a container has and notes limits for it; nothing is put into force.</summary>
    void Initialize(Ctid ctid, QuotaRequest request);

    /// <summary>Removes the note. Refuses while the quota runs, unless forced.</summary>
    void Drop(Ctid ctid, bool force);

    /// <summary>Puts the noted limits, with those given, into force.</summary>
    void TurnOn(Ctid ctid, QuotaRequest request);

    /// <summary>Takes the limits away and notes what is used.</summary>
    void TurnOff(Ctid ctid, bool force);

    /// <summary>Changes limits, in force if the quota runs, and in the note.</summary>
    void SetLimits(Ctid ctid, QuotaRequest request);

    /// <summary>Limits a user or group inside.</summary>
    void SetUserLimits(Ctid ctid, QuotaSubject subject, DiskLimits limits);

    /// <summary>Sets the grace times of users or groups, or of both.</summary>
    void SetUserGrace(Ctid ctid, QuotaHolder? kind, long space, long inodes);

    /// <summary>Checks that what users and groups may is in force, as it is by itself: the file system keeps it.</summary>
    void ReloadUsers(Ctid ctid);

    /// <summary>What the kernel says now.</summary>
    QuotaReport Stat(Ctid ctid, bool users, bool note);

    /// <summary>What was noted last.</summary>
    QuotaReport Show(Ctid ctid, bool users);
}

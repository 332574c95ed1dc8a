using Insula.Engine.Containers;
using Insula.Engine.Quotas;

namespace Insula.Cli.Tests;

/// <summary>Quotas of container 101, written down as they are asked for.</summary>
internal sealed class FakeQuotas : IQuotaEngine
{
    public List<object> Calls { get; } = [];

    public QuotaReport Report { get; set; } = new(
        new QuotaState(new QuotaAmount(1234, 10240, 20480, 0, 259200), new QuotaAmount(56, 100, 200, 0, 259200)), true, false, false, 0, [], []);

    public void Initialize(Ctid ctid, QuotaRequest request) => Note("init", ctid, request);

    public void Drop(Ctid ctid, bool force) => Note("drop", ctid, force);

    public void TurnOn(Ctid ctid, QuotaRequest request) => Note("on", ctid, request);

    public void TurnOff(Ctid ctid, bool force) => Note("off", ctid, force);

    public void SetLimits(Ctid ctid, QuotaRequest request) => Note("setlimit", ctid, request);

    public void SetUserLimits(Ctid ctid, QuotaSubject subject, DiskLimits limits) => Note("setlimit2", ctid, subject, limits);

    public void SetUserGrace(Ctid ctid, QuotaHolder? kind, long space, long inodes) => Note("grace", ctid, kind?.ToString() ?? "both", space, inodes);

    public void ReloadUsers(Ctid ctid) => Note("reload2", ctid);

    public QuotaReport Stat(Ctid ctid, bool users, bool note)
    {
        Note("stat", ctid, users, note);
        return Report;
    }

    public QuotaReport Show(Ctid ctid, bool users)
    {
        Note("show", ctid, users);
        return Report;
    }

    private void Note(string what, Ctid ctid, params object[] more)
    {
        if (ctid.Value != 101)
            throw new VzQuotaException(VzQuotaExit.NoFile, $"There is no quota file of {ctid}");
        Calls.Add(what);
        Calls.AddRange(more);
    }
}

using System.Globalization;
using Insula.Engine.Quotas;

namespace Insula.Cli.VzQuota;

/// <summary>What <c>vzquota stat</c> and <c>show</c> print, column by column as the old vzquota did, since scripts cut it apart.</summary>
/// <param name="output">Where to.</param>
/// <param name="batch">Bare numbers.</param>
/// <param name="now">The time, for grace times that run.</param>
internal sealed class QuotaTable(TextWriter output, bool batch, DateTimeOffset now)
{
    /// <summary>The first level.</summary>
    public void WriteState(QuotaState state)
    {
        if (!batch)
            output.WriteLine($"{"resource",11} {"usage",14}  {"softlimit",14} {"hardlimit",14} {"grace",8}");
        WriteAmount("1k-blocks", state.Space);
        WriteAmount("inodes", state.Inodes);
    }

    /// <summary>The second level.</summary>
    /// <param name="report">What is known.</param>
    /// <param name="current">True for what the kernel says now, which does not know what is wanted at the next start.</param>
    public void WriteUsers(QuotaReport report, bool current)
    {
        var count = report.Users.Count;
        var exceeded = report.UgidLimit != 0 && count > report.UgidLimit;
        if (batch)
        {
            output.WriteLine($"{(current ? -1 : report.WantsUsers ? 1 : 0)} {(report.HasUsers ? 1 : 0)}");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} {count} {report.UgidLimit}"));
            output.WriteLine(exceeded ? "1" : "0");
        }
        else
        {
            output.WriteLine($"User/group quota: {(current ? "-" : report.WantsUsers ? "on" : "off")},{(report.HasUsers ? "active" : "inactive")}");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(exceeded ? "*" : "")}Ugids: loaded {count}, total {count}, limit {report.UgidLimit}"));
            output.WriteLine($"Ugid limit was exceeded: {(exceeded ? "yes" : "no")}");
        }
        WriteGrace(report);
        WriteObjects(report);
    }

    private void WriteAmount(string resource, QuotaAmount amount)
    {
        // Below the soft limit no time runs, whatever was noted when it was above.
        var expires = amount.Soft != 0 && amount.Usage > amount.Soft ? amount.Expires : 0;
        if (batch)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{amount.Usage,14} {amount.Soft,14} {amount.Hard,14} {expires,14} {amount.Grace,14}"));
            return;
        }
        var mark = IsOver(amount.Usage, amount.Soft, amount.Hard) ? '*' : ' ';
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{resource,11} {amount.Usage,14}{mark} {amount.Soft,14} {amount.Hard,14} {QuotaTime.Left(expires, now),8}"));
    }

    private void WriteGrace(QuotaReport report)
    {
        if (!batch)
        {
            output.WriteLine();
            output.WriteLine("User/group grace times and quotafile flags:");
            output.WriteLine($"{"type",5} {"block_exp_time",14} {"inode_exp_time",14} {"dqi_flags",10}");
        }
        foreach (var (kind, space, inodes) in report.Grace)
        {
            output.WriteLine(batch
                ? string.Create(CultureInfo.InvariantCulture, $"{Word(kind),5} {space} {inodes} {0,9}h")
                : string.Create(CultureInfo.InvariantCulture, $"{Word(kind),5} {QuotaTime.Whole(space),14} {QuotaTime.Whole(inodes),14} {0,9}h"));
        }
    }

    private void WriteObjects(QuotaReport report)
    {
        if (!batch)
        {
            output.WriteLine();
            output.WriteLine("User/group objects:");
            output.WriteLine($"{"ID",-11} {"type",5} {"resource",9} {"usage",11} {"softlimit",11} {"hardlimit",11} {"grace",8} {"status",6}");
        }
        foreach (var (kind, id, quota) in report.Users)
        {
            WriteObject(kind, id, "1k-blocks", quota.Space);
            WriteObject(kind, id, "inodes", quota.Inodes);
        }
    }

    private void WriteObject(QuotaHolder kind, uint id, string resource, QuotaAmount amount)
    {
        var running = amount.Soft != 0 && amount.Usage > amount.Soft ? amount.Expires : 0;
        var grace = batch ? running.ToString(CultureInfo.InvariantCulture) : QuotaTime.Left(running, now);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{id,-11} {Word(kind),5} {resource,9} {amount.Usage,11} {amount.Soft,11} {amount.Hard,11} {grace,8} {(batch ? "1 0" : "loaded"),6}"));
    }

    private static bool IsOver(long usage, long soft, long hard) => (soft != 0 && usage > soft) || (hard != 0 && usage >= hard);

    private static string Word(QuotaHolder kind) => kind == QuotaHolder.User ? "user" : "group";
}

using Insula.Cli.Options;

namespace Insula.Cli.VzQuota;

/// <summary>The options of vzquota and its kin.</summary>
internal static class VzQuotaOptions
{
    public static readonly Option Help = new("help", "Show this help") { Letter = 'h' };
    public static readonly Option Version = new("version", "Show the version") { Letter = 'V' };
    public static readonly Option Quiet = new("quiet", "Show fatal errors only") { Letter = 'q' };
    public static readonly Option Verbose = new("verbose", "Show the errors below an error") { Letter = 'v' };
    public static readonly Option Batch = new("batch", "Show bare numbers, for scripts") { Letter = 'b' };

    public static readonly Option SubQuotas = new("sub-quotas", "Whether users and groups inside have quotas") { Letter = 's', Argument = "0|1" };
    public static readonly Option UgidLimit = new("ugid-limit", "How many users and groups inside may have quotas; for setlimit2 the user") { Letter = 'u', Argument = "N" };
    public static readonly Option Group = new("group", "For setlimit2: the group") { Letter = 'g', Argument = "GID" };
    public static readonly Option SoftSpace = new("block-softlimit", "Soft limit of space, in KiB") { Letter = 'b', Argument = "N" };
    public static readonly Option HardSpace = new("block-hardlimit", "Hard limit of space, in KiB") { Letter = 'B', Argument = "N" };
    public static readonly Option SpaceTime = new("block-exptime", "How long space may be above its soft limit") { Letter = 'e', Argument = "TIME" };
    public static readonly Option SoftInodes = new("inode-softlimit", "Soft limit of inodes") { Letter = 'i', Argument = "N" };
    public static readonly Option HardInodes = new("inode-hardlimit", "Hard limit of inodes") { Letter = 'I', Argument = "N" };
    public static readonly Option InodeTime = new("inode-exptime", "How long inodes may be above their soft limit") { Letter = 'n', Argument = "TIME" };
    public static readonly Option Path = new("path", "The private area") { Letter = 'p', Argument = "PATH" };
    public static readonly Option Force = new("force", "Do it all the same; for stat: do not write to the quota file; for setlimit: count anew at the next start") { Letter = 'f' };
    public static readonly Option Users = new("user-group", "Show users and groups, too; for setlimit2: set grace times") { Letter = 't' };
    public static readonly Option AllUsers = new("ugid", "For setlimit2 -t: users only") { Letter = 'u' };
    public static readonly Option AllGroups = new("group", "For setlimit2 -t: groups only") { Letter = 'g' };

    /// <summary>Before the command.</summary>
    public static readonly IReadOnlyList<Option> Flags = [Help, Version, Quiet, Verbose, Batch];

    /// <summary>After it.</summary>
    public static readonly IReadOnlyList<Option> OfCommands =
    [
        SubQuotas, UgidLimit, Group, SoftSpace, HardSpace, SpaceTime, SoftInodes, HardInodes, InodeTime, Path, Force, Users, Help,
    ];

    /// <summary>After setlimit2 -t, where -u and -g name nobody.</summary>
    public static readonly IReadOnlyList<Option> OfGrace = [AllUsers, AllGroups, Users, Force, Help];
}

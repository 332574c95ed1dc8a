using Insula.Cli.ArpSend;
using Insula.Cli.InsulaTool;
using Insula.Cli.Options;
using Insula.Cli.Planning;
using Insula.Cli.Traffic;
using Insula.Cli.VzCtl;
using Insula.Cli.VzList;
using Insula.Cli.VzPid;
using Insula.Cli.VzQuota;
using Insula.Cli.VzUbc;

namespace Insula.Cli.Help;

/// <summary>What is said of each program, gathered from the declarations of its commands and options.</summary>
internal static class Manuals
{
    internal static readonly (string, string) ConfigVariable = ("INSULA_CONFIG_DIR", "The directory that holds vz.conf, if not /etc/vz.");

    /// <summary>vzctl(8).</summary>
    public static ProgramManual VzCtl()
    {
        var commands = new List<CommandManual>();
        foreach (var command in VzCtlCommands.All())
            commands.Add(Of(command));
        return new ProgramManual("vzctl", "manage containers", ["vzctl [flags] COMMAND CTID|NAME [options]", "vzctl --help | --version"])
        {
            Description =
            [
                "A container is a complete Linux system of its own on the kernel of the host. vzctl makes, starts, changes, stops and removes containers. A container is named by its number (CTID) or by its name.",
                "Options may stand before or after the container in any order, long names may be cut short as long as they are unique, and --name=value means --name value.",
            ],
            Options =
            [
                new Option("quiet", "Do not show the steps"),
                new Option("verbose", "Show the errors below an error; twice: where an unexpected one came from"),
                new Option("skiplock", "Do not take the container's lock"),
                new Option("version", "Show the version"),
                new Option("help", "Show this help"),
            ],
            Commands = commands,
            Sections = [ExitCodes.Section, Files, new ManualSection("ENVIRONMENT", [ConfigVariable])],
            Operand = OperandKind.Container,
            SeeAlso = ["vzlist(8)", "vzpid(8)", "vzubc(8)", "vzquota(8)", "insula(8)"],
        };
    }

    /// <summary>vzlist(8).</summary>
    public static ProgramManual VzList()
    {
        var fields = new List<(string, string)>();
        foreach (var field in FieldTable.Shown())
            fields.Add((field.Name, $"Header {field.Header}."));
        return new ProgramManual("vzlist", "list containers", ["vzlist [options] [CTID|NAME...]", "vzlist -L"])
        {
            Description =
            [
                "Lists the containers that run, or with numbers or names those. Columns are separated by blanks; what is not known or does not apply is -.",
                "Patterns are those of fnmatch(3): * any characters, ? one, [...] one of.",
                "Exit code 0, also when there is nothing to list; 1 when containers were named and none was found.",
            ],
            Options = VzListOptions.All,
            Operand = OperandKind.Container,
            Sections = [new ManualSection("FIELDS", fields), new ManualSection("ENVIRONMENT", [ConfigVariable])],
            SeeAlso = ["vzctl(8)"],
        };
    }

    /// <summary>vzpid(8).</summary>
    public static ProgramManual VzPid() => new("vzpid", "tell which container a process is in", ["vzpid [-p] PID...", "vzpid [-p] -"])
    {
        Description = ["Prints a line per process: its number, its container (0 for the host) and its name. With - the numbers are read from standard input."],
        Options = VzPidProgram.Options,
        SeeAlso = ["vzctl(8)", "vzlist(8)"],
    };

    /// <summary>arpsend(8).</summary>
    public static ProgramManual ArpSend() => new(
        "arpsend", "announce IPv4 addresses and look for duplicates", ["arpsend -U -i ADDRESS [-c N] [-w SECONDS] LINK", "arpsend -D -e ADDRESS [-e ADDRESS...] [-c N] [-w SECONDS] LINK", "arpsend -Q|-P [options] LINK"])
    {
        Description =
        [
            "Sends ARP messages on a link. vzctl does by itself what is needed when a container gets an address; this program is for scripts.",
            "An IPv6 address is announced by a neighbour advertisement, and looked for by neighbour discovery.",
        ],
        Options = ArpSendProgram.Options,
        Sections =
        [
            new ManualSection("EXIT STATUS", [
                ("0", "It was sent; with -D nobody has the address; with -Q somebody answered."), ("1", "The command line is wrong."), ("2", "It could not be sent."),
                ("3", "With -D: somebody has the address."), ("4", "With -Q: nobody answered.")]),
        ],
        SeeAlso = ["ndsend(8)", "vzctl(8)"],
    };

    /// <summary>ndsend(8).</summary>
    public static ProgramManual NdSend() => new("ndsend", "announce an IPv6 address", ["ndsend ADDRESS LINK"])
    {
        Description = ["Tells all IPv6 nodes on a link that an address is here, by an unsolicited neighbour advertisement (RFC 4861)."],
        Sections = [new ManualSection("EXIT STATUS", [("0", "It was sent."), ("1", "The command line is wrong."), ("2", "It could not be sent.")])],
        SeeAlso = ["arpsend(8)", "vzctl(8)"],
    };

    /// <summary>vznetstat(8).</summary>
    public static ProgramManual VzNetStat() => new("vznetstat", "show the traffic of containers", ["vznetstat [-4|-6] [-v CTID|NAME] [-c CLASS] [-a] [-r] [--json]"])
    {
        Description =
        [
            "Shows the bytes and packets that containers have got (input) and sent (output), by class of traffic, IPv4 and IPv6 together unless one is asked for. The class follows from the address at the other end: 0 is an address of a container on this host; the others are what networks_classes says, the longest network counting; what is in none of its networks is of class 1.",
            "Counted are IP packets, from the IP header on, that pass the host's end of a container's link; not ARP, and not what is dropped since it is above a rate. The figures outlast the container's restarts and the host's; vztactl sets them to 0. Without -a and -c the rows are those of class 0 and of the classes that networks_classes mentions, or that had traffic.",
        ],
        Options = VzNetStatProgram.Options,
        Sections = [TrafficFiles, new ManualSection("ENVIRONMENT", [ConfigVariable])],
        SeeAlso = ["vztactl(8)", "vzctl(8)"],
    };

    /// <summary>vztactl(8).</summary>
    public static ProgramManual VzTaCtl() => new("vztactl", "manage classes of traffic and what is counted", ["vztactl COMMAND [FILE|CTID|NAME]"])
    {
        Description =
        [
            "A line of networks_classes has a class from 0 to 15 and a network: 1 0.0.0.0/0. Of several networks that an address is in the longest counts; what follows # is a comment. The file is read when the first container starts, and by class_load.",
        ],
        Options = VzTaCtlProgram.Options,
        Sections =
        [
            new ManualSection("COMMANDS", VzTaCtlProgram.Commands),
            new ManualSection("EXIT STATUS", [("0", "Done."), ("20", "The command line is wrong."), ("21", "There is no such container."), ("81", "There is no such file."), ("85", "The file has a wrong line; nothing was changed.")]),
            TrafficFiles,
            new ManualSection("ENVIRONMENT", [ConfigVariable]),
        ],
        SeeAlso = ["vznetstat(8)", "vzctl(8)"],
    };

    private static ManualSection TrafficFiles => new("FILES",
    [
        ("/etc/vz/conf/networks_classes", "Which networks are of which class."), ("/var/lib/vz/traffic/CTID", "What has passed until the container or the host was stopped."),
    ]);

    /// <summary>vzubc(8).</summary>
    public static ProgramManual VzUbc() => new("vzubc", "show beancounters", ["vzubc [options] [CTID|NAME...]", "vzubc --mechanisms [--json]"])
    {
        Operand = OperandKind.Container,
        Description =
        [
            "Shows the beancounters of the host (0) and of the containers that run, or of those that are named; what does not run or is not known is passed over. Amounts are in bytes, short, and 0 and unlimited are -. HELD is what is in use, MAXH the most that was since the start, BAR and LIM barrier and limit, FAIL how often the kernel refused; Bar% and Lim% say how close.",
            "Not every figure is as good as every other: --mechanisms says for each resource whether the kernel refuses at its bound for the whole container (exact), for each process by itself (per-process), whether it is only counted when somebody looks (sampled), or not at all (none).",
            "--shared shows in bytes what is in the page tables of each container's processes (PROC): RSS and PSS are the sums of what the kernel says of each process; OWN counts each page once; SHARE counts a page that several containers hold in part, as beancounters do: the first holder counts 1, and each newcomer takes half of one of the largest shares (1; 1/2 1/2; 1/2 1/4 1/4; four times 1/4). So the SHARE of all containers and of the host's processes is the memory that is really used. The container that was started first counts as the first holder, the host before it. CGRP is what the cgroup is charged with, page cache and kernel memory included: there a shared page is charged to the one that touched it first.",
            "The exit code is 0, or 1 if something was wrong.",
        ],
        Options = VzUbcOptions.All,
        Sections = [new ManualSection("ENVIRONMENT", [ConfigVariable])],
        SeeAlso = ["vzctl(8)", "vzlist(8)"],
    };

    /// <summary>vzquota(8).</summary>
    public static ProgramManual VzQuota() => new("vzquota", "manage disk quotas of containers", ["vzquota [flags] COMMAND ID [options]"])
    {
        Description =
        [
            "Shows and changes what a container may use of its disk, by whichever mechanism this host has: project quotas of ext4 and xfs, quota groups of btrfs, or the container's own disk image. vzctl does all of it by itself: on when a container is mounted, noted when it is unmounted; what is changed here lasts until then.",
            "ID is the container's number. Users and groups inside have quotas in layout image, with QUOTAUGIDLIMIT set; their ids are those inside.",
        ],
        Options = [.. VzQuotaOptions.Flags, .. InGroup("Options of a command", VzQuotaOptions.OfCommands)],
        Sections = [new ManualSection("COMMANDS", VzQuotaProgram.Commands), QuotaExitCodes, QuotaFiles, new ManualSection("ENVIRONMENT", [ConfigVariable])],
        SeeAlso = ["vzctl(8)", "vzdqcheck(8)", "vzdqdump(8)", "vzdqload(8)"],
    };

    /// <summary>vzdqcheck(8).</summary>
    public static ProgramManual VzDqCheck() => new("vzdqcheck", "count what a directory occupies", ["vzdqcheck [flags] PATH"])
    {
        Description = ["Prints the blocks of 1024 bytes and the inodes of a directory and all below it on the same file system, each inode once."],
        Options = VzQuotaOptions.Flags,
        Sections = [QuotaExitCodes],
        SeeAlso = ["vzquota(8)"],
    };

    /// <summary>vzdqdump(8).</summary>
    public static ProgramManual VzDqDump() => new("vzdqdump", "write quotas of users and groups as text", ["vzdqdump [flags] ID [-f] -G -U -T -F"])
    {
        Description = ["Prints quotas of users and groups inside a container in a form that vzdqload reads, from the note or, with -f, from the kernel."],
        Options = [.. VzQuotaOptions.Flags, .. InGroup("What to write", VzDqDumpProgram.Options)],
        Sections = [QuotaExitCodes],
        SeeAlso = ["vzdqload(8)", "vzquota(8)"],
    };

    /// <summary>vzdqload(8).</summary>
    public static ProgramManual VzDqLoad() => new("vzdqload", "put quotas of users and groups into force", ["vzdqload [flags] ID -G -U < FILE"])
    {
        Description = ["Reads what vzdqdump wrote from standard input. The container must be mounted; nothing is changed unless every line is good."],
        Options = [.. VzQuotaOptions.Flags, .. InGroup("What to take", VzDqLoadProgram.Options)],
        Sections = [QuotaExitCodes],
        SeeAlso = ["vzdqdump(8)", "vzquota(8)"],
    };

    /// <summary>insula(8).</summary>
    public static ProgramManual InsulaTool()
    {
        var commands = new List<CommandManual>();
        foreach (var command in InsulaCommands.All())
            commands.Add(Of(command));
        return new ProgramManual("insula", "templates and the host", ["insula COMMAND [options]", "insula PROGRAM ...", "insula --help | --version"])
        {
            Description = ["Does what concerns the host as a whole and the templates that containers are made from. Containers are managed with vzctl(8)."],
            Options = [new Option("verbose", "Show the errors below an error"), new Option("version", "Show the version"), new Option("help", "Show this help")],
            Commands = commands,
            Sections = [ExitCodes.Section, new ManualSection("ENVIRONMENT", [ConfigVariable])],
            SeeAlso = ["vzctl(8)", "vzlist(8)"],
        };
    }

    /// <summary>insulad(8). The program is one of its own, and says the same with --help.</summary>
    public static ProgramManual Insulad() => new("insulad", "serve containers their own /proc, and watch them", ["insulad [--replace]", "insulad --help"])
    {
        Description =
        [
            "Serves the files of /proc and /sys that are made for each container, answers sysinfo(2) and quotactl(2) in them, watches containers end and starts those that reboot, runs the hooks, and tells of events at its socket. It runs in the foreground until SIGTERM. Where there is systemd it is a unit, insulad.service; elsewhere the first vzctl start starts it. VIRTUAL_PROC=no in vz.conf does without.",
            "It is two processes: a keeper, which holds what must not be lost, and a worker, which answers. Either may be killed at any time; the other one starts it again, and readers in containers notice nothing. Asked to end while containers run, it goes on in the background until the last one has stopped, since nobody else could serve the files that they have mounted.",
            "The files of a running container can be read on the host, below RUNDIR/proc/CTID.",
        ],
        Options =
        [
            new Option("replace", "Take over from an insulad that runs, without a reader noticing: after an upgrade. Without this a second one ends with an error"),
            new Option("help", "Show this help") { Letter = 'h' },
        ],
        Sections =
        [
            new ManualSection("SIGNALS", [("SIGTERM, SIGINT", "End, once no container runs."), ("SIGHUP", "Make way for one that has copied the descriptors (--replace); of no use by hand.")]),
            new ManualSection("EXIT STATUS",
            [
                ("0", "It was asked to end, or has made way."), ("3", "A system error."), ("9", "One runs already, and --replace was not given."), ("10", "vz.conf is missing or cannot be read."),
                ("20", "Bad command line."),
            ]),
            new ManualSection("FILES",
            [
                ("/run/insula/proc", "Where the files are mounted; RUNDIR of vz.conf names another directory than /run/insula."),
                ("/run/insula/insulad.sock", "The socket for events and status: insula events, vzctl monitor."),
                ("/run/insula/insulad", "Which process is the keeper, and its descriptors."),
                ("/var/log/insulad.log", "What it says where there is no systemd; beside LOGFILE of vz.conf."),
            ]),
            new ManualSection("ENVIRONMENT", [ConfigVariable]),
        ],
        SeeAlso = ["insula(8)", "vzctl(8)"],
    };

    /// <summary>The manual of a program, or null.</summary>
    public static ProgramManual? Find(string program) => program switch
    {
        "vzctl" => VzCtl(),
        "vzlist" => VzList(),
        "vzpid" => VzPid(),
        "arpsend" => ArpSend(),
        "ndsend" => NdSend(),
        "vznetstat" => VzNetStat(),
        "vztactl" => VzTaCtl(),
        "vznetcfg" => HookManuals.VzNetCfg(),
        "vznetaddbr" => HookManuals.VzNetAddBr(),
        "vzifup-post" => HookManuals.VzIfUpPost(),
        "vzubc" => VzUbc(),
        "vzquota" => VzQuota(),
        "vzdqcheck" => VzDqCheck(),
        "vzdqdump" => VzDqDump(),
        "vzdqload" => VzDqLoad(),
        "insula" => InsulaTool(),
        "insulad" => Insulad(),
        _ => PlanningTools.Find(program) is { } tool ? Of(tool) : null,
    };

    /// <summary>What is said of a planning tool.</summary>
    public static ProgramManual Of(PlanningTool tool) => new(tool.Name, tool.Summary, tool.Synopsis)
    {
        Description = tool.Description,
        Options = [.. tool.Options, .. PlanningProgram.CommonOptions],
        Operand = tool.Operand,
        Sections = [new ManualSection("EXIT STATUS", tool.ExitStatus), new ManualSection("ENVIRONMENT", [ConfigVariable])],
        SeeAlso = [.. PlanningTools.All.Where(other => other.Name != tool.Name).Select(other => $"{other.Name}(8)"), "vzctl(8)"],
    };

    /// <summary>What is said of a command of vzctl.</summary>
    public static CommandManual Of(VzCtlCommand command)
    {
        var operands = command.Operands.Length > 0 ? $"CTID {command.Operands}" : "CTID";
        return new CommandManual(command.Name, operands, command.Summary, command.Notes, command.Options) { Alias = command.Alias };
    }

    /// <summary>What is said of a command of insula.</summary>
    public static CommandManual Of(InsulaCommand command)
        => new(command.Name, command.Operands, command.Summary, command.Notes, command.Options);

    private static List<Option> InGroup(string heading, IReadOnlyList<Option> options)
    {
        var grouped = new List<Option>();
        foreach (var option in options)
        {
            if (!ReferenceEquals(option, VzQuotaOptions.Help))
                grouped.Add(option with { Group = heading });
        }
        return grouped;
    }

    private static ManualSection QuotaExitCodes => new("EXIT CODES",
    [
        ("0", "Done."), ("1", "System error."), ("2", "Bad command line."), ("3", "The kernel refused, or has no mechanism."), ("4", "A file is unusable."),
        ("5", "The quota is running already."), ("6", "The quota is not running."), ("7", "The container is locked."),
        ("9", "Users and groups have no quotas."), ("11", "There is no quota file."),
    ]);

    private static ManualSection QuotaFiles => new("FILES", [("/var/vzquota/quota.ID", "What was used when it was last looked at, and the limits; QUOTADIR of vz.conf names another directory.")]);

    private static ManualSection Files => new("FILES",
    [
        ("/etc/vz/vz.conf", "Settings of the host and defaults for all containers."),
        ("/etc/vz/conf/CTID.conf", "The configuration of a container; CTID.start, CTID.stop, CTID.mount and the like are its action scripts."),
        ("/etc/vz/conf/ve-NAME.conf-sample", "Samples for new containers."),
        ("/var/log/vzctl.log", "What was done, if LOGGING=yes."),
    ]);
}

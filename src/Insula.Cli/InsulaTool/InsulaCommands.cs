using Insula.Cli.InsulaTool.Commands;

namespace Insula.Cli.InsulaTool;

/// <summary>The commands of insula.</summary>
internal static class InsulaCommands
{
    private const int MostWords = 3;

    private static readonly string[] Names =
    [
        "check", "events", "host prepare", "host release", "host start-containers", "host stop-containers", "net bridges", "net add-bridge", "net remove-bridge", "net counters",
        "net acl add", "net acl list", "net acl remove", "net acl policy", "net set add", "net set list", "net set remove", "net forward add", "net forward list", "net forward remove", "net nat add", "net nat list", "net nat remove",
        "template create", "template list", "template info", "template import", "template remove", "template verify",
        "man", "completion",
    ];

    /// <summary>The command of a name, or null.</summary>
    public static InsulaCommand? Find(string name) => name switch
    {
        "check" => new CheckCommand(),
        "events" => new EventsCommand(),
        "host prepare" => new HostPrepareCommand(),
        "host release" => new HostReleaseCommand(),
        "host start-containers" => new HostStartContainersCommand(),
        "host stop-containers" => new HostStopContainersCommand(),
        "net bridges" => new NetBridgesCommand(),
        "net add-bridge" => new NetAddBridgeCommand(),
        "net remove-bridge" => new NetRemoveBridgeCommand(),
        "net counters" => new NetCountersCommand(),
        "net acl add" => new NetAclAddCommand(),
        "net acl list" => new NetAclListCommand(),
        "net acl remove" => new NetAclRemoveCommand(),
        "net acl policy" => new NetAclPolicyCommand(),
        "net set add" => new NetSetAddCommand(),
        "net set list" => new NetSetListCommand(),
        "net set remove" => new NetSetRemoveCommand(),
        "net forward add" => new NetForwardAddCommand(),
        "net forward list" => new NetForwardListCommand(),
        "net forward remove" => new NetForwardRemoveCommand(),
        "net nat add" => new NetNatAddCommand(),
        "net nat list" => new NetNatListCommand(),
        "net nat remove" => new NetNatRemoveCommand(),
        "template create" => new TemplateCreateCommand(),
        "template list" => new TemplateListCommand(),
        "template info" => new TemplateInfoCommand(),
        "template import" => new TemplateImportCommand(),
        "template remove" => new TemplateRemoveCommand(),
        "template verify" => new TemplateVerifyCommand(),
        "man" => new ManCommand(),
        "completion" => new CompletionCommand(),
        _ => null,
    };

    /// <summary>The command that a command line starts with, and how many words name it.</summary>
    public static (InsulaCommand? Command, int Words) Find(IReadOnlyList<string> words)
    {
        var name = "";
        for (var count = 1; count <= Math.Min(words.Count, MostWords); count++)
        {
            name = count == 1 ? words[0] : $"{name} {words[count - 1]}";
            if (Find(name) is { } command)
                return (command, count);
        }
        return (null, 0);
    }

    /// <summary>How many words at the beginning of a command line are the name of a group of commands; 0: it begins with none.</summary>
    public static int GroupWords(IReadOnlyList<string> words)
    {
        var name = "";
        var found = 0;
        for (var count = 1; count <= words.Count; count++)
        {
            name = count == 1 ? words[0] : $"{name} {words[count - 1]}";
            if (!IsGroup(name))
                break;
            found = count;
        }
        return found;
    }

    /// <summary>The commands whose names begin with the words of a group.</summary>
    public static IReadOnlyList<InsulaCommand> InGroup(string group)
    {
        var commands = new List<InsulaCommand>();
        foreach (var command in All())
        {
            if (command.Name.StartsWith(group + " ", StringComparison.Ordinal))
                commands.Add(command);
        }
        return commands;
    }

    /// <summary>All of them, in the order of help.</summary>
    public static IReadOnlyList<InsulaCommand> All()
    {
        var commands = new List<InsulaCommand>(Names.Length);
        foreach (var name in Names)
            commands.Add(Find(name)!);
        return commands;
    }

    // True for the first word, or words, of longer names.
    private static bool IsGroup(string word)
    {
        foreach (var name in Names)
        {
            if (name.Length > word.Length && name[word.Length] == ' ' && name.StartsWith(word, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}

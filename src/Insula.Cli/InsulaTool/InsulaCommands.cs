using Insula.Cli.InsulaTool.Commands;

namespace Insula.Cli.InsulaTool;

/// <summary>The commands of insula.</summary>
internal static class InsulaCommands
{
    private static readonly string[] Names =
    [
        "check", "events", "host prepare", "host release", "host start-containers", "host stop-containers", "net bridges", "net add-bridge", "net remove-bridge", "net counters", "template create", "template list", "template info", "template import", "template remove", "template verify",
        "man", "completion",
    ];

    /// <summary>The command of a name of one or two words, or null.</summary>
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
        if (Find(words[0]) is { } one)
            return (one, 1);
        return words.Count > 1 && Find($"{words[0]} {words[1]}") is { } two ? (two, 2) : (null, 0);
    }

    /// <summary>All of them, in the order of help.</summary>
    public static IReadOnlyList<InsulaCommand> All()
    {
        var commands = new List<InsulaCommand>(Names.Length);
        foreach (var name in Names)
            commands.Add(Find(name)!);
        return commands;
    }

    /// <summary>True for the first word of commands of two words.</summary>
    public static bool IsGroup(string word)
    {
        foreach (var name in Names)
        {
            if (name.Length > word.Length && name[word.Length] == ' ' && name.StartsWith(word, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}

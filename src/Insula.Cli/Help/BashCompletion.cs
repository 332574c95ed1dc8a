using Insula.Cli.Options;
using Insula.Cli.Planning;

namespace Insula.Cli.Help;

/// <summary>Completion for bash(1), from the same declarations as the parser.</summary>
internal static class BashCompletion
{
    // A name is of letters, digits and - + _ . only, so that bash, which expands the words of compgen -W, finds nothing to expand.
    private const string Containers = """
        _insula_containers() {
            COMPREPLY=( $(compgen -W "$(vzlist -a -H -o ctid 2>/dev/null) $(vzlist -a -H -o name 2>/dev/null | grep -v '^-')" -- "$1") )
        }

        """;

    /// <summary>The programs that have completion; bash loads a file each, by the program's name.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["vzctl", "vzlist", "vzubc", "insula", .. PlanningTools.All.Select(tool => tool.Name)];

    /// <summary>Writes the script of one program.</summary>
    public static void Write(TextWriter output, string program)
    {
        output.WriteLine($"# bash completion for {program}; made by: insula completion bash {program}");
        output.WriteLine();
        var manual = Manuals.Find(program)!;
        if (manual.Operand == OperandKind.Container)
            output.WriteLine(Containers);
        WriteProgram(output, manual);
        output.WriteLine($"complete -F _insula_{program} {program}");
    }

    private static void WriteProgram(TextWriter output, ProgramManual manual)
    {
        output.WriteLine($"_insula_{manual.Name}() {{");
        output.WriteLine("    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= i");
        WriteChoices(output, manual);
        if (manual.Commands.Count > 0)
            WriteFindCommand(output, manual);
        output.WriteLine("    case \"$command\" in");
        foreach (var command in manual.Commands)
        {
            var name = command.Name.Replace(' ', '_');
            output.WriteLine($"        {name}{(command.Alias is { } alias ? $"|{alias}" : "")}) words=\"{WordsOf(command.Options)}\" ;;");
        }
        output.WriteLine($"        *) words=\"{WordsOf(manual.Options)}{CommandWords(manual)}\" ;;");
        output.WriteLine("    esac");
        var condition = manual.Commands.Count > 0 ? "-n $command && $cur != -*" : "$cur != -*";
        if (manual.Operand == OperandKind.Container)
            output.WriteLine($"    if [[ {condition} ]]; then _insula_containers \"$cur\"; return; fi");
        if (manual.Operand == OperandKind.File)
            output.WriteLine($"    if [[ {condition} ]]; then COMPREPLY=( $(compgen -f -- \"$cur\") ); return; fi");
        output.WriteLine("    COMPREPLY=( $(compgen -W \"$words\" -- \"$cur\") )");
        output.WriteLine("}");
        output.WriteLine();
    }

    private static void WriteFindCommand(TextWriter output, ProgramManual manual)
    {
        output.WriteLine("    for (( i = 1; i < COMP_CWORD; i++ )); do");
        output.WriteLine("        [[ ${COMP_WORDS[i]} == -* ]] && continue");
        output.WriteLine("        command=${COMP_WORDS[i]}");
        var groups = Groups(manual);
        foreach (var (group, words) in groups)
            output.WriteLine($"        [[ $command == {group.Replace(' ', '_')} ]] && (( i + {words} < COMP_CWORD )) && command+=_${{COMP_WORDS[i+{words}]}}");
        output.WriteLine("        break");
        output.WriteLine("    done");
        foreach (var (group, _) in groups)
            output.WriteLine($"    if [[ $command == {group.Replace(' ', '_')} ]]; then COMPREPLY=( $(compgen -W \"{NextWords(manual, group)}\" -- \"$cur\") ); return; fi");
    }

    // "net" of one word and "net acl" of two, the shorter ones first.
    private static List<(string Name, int Words)> Groups(ProgramManual manual)
    {
        var groups = new List<(string Name, int Words)>();
        for (var words = 1; words <= 2; words++)
        {
            foreach (var command in manual.Commands)
            {
                var parts = command.Name.Split(' ');
                var name = string.Join(' ', parts[..Math.Min(words, parts.Length)]);
                if (parts.Length > words && !groups.Contains((name, words)))
                    groups.Add((name, words));
            }
        }
        return groups;
    }

    private static void WriteChoices(TextWriter output, ProgramManual manual)
    {
        var written = new HashSet<string>();
        foreach (var option in manual.Options.Concat(manual.Commands.SelectMany(command => command.Options)))
        {
            if (option.Choices.Count > 0 && written.Add(option.Name))
                output.WriteLine($"    if [[ $prev == --{option.Name} ]]; then COMPREPLY=( $(compgen -W \"{string.Join(' ', option.Choices)}\" -- \"$cur\") ); return; fi");
        }
    }

    private static string NextWords(ProgramManual manual, string group)
    {
        var words = new List<string>();
        foreach (var command in manual.Commands)
        {
            if (!command.Name.StartsWith(group + " ", StringComparison.Ordinal))
                continue;
            var rest = command.Name[(group.Length + 1)..];
            var blank = rest.IndexOf(' ', StringComparison.Ordinal);
            var word = blank < 0 ? rest : rest[..blank];
            if (!words.Contains(word))
                words.Add(word);
        }
        return string.Join(' ', words);
    }

    private static string CommandWords(ProgramManual manual)
    {
        var words = new List<string>();
        foreach (var command in manual.Commands)
        {
            var blank = command.Name.IndexOf(' ', StringComparison.Ordinal);
            var word = blank < 0 ? command.Name : command.Name[..blank];
            if (!words.Contains(word))
                words.Add(word);
        }
        return words.Count == 0 ? "" : " " + string.Join(' ', words);
    }

    private static string WordsOf(IReadOnlyList<Option> options)
    {
        var words = new List<string>();
        foreach (var option in options)
        {
            if (!option.Hidden && option.Name.Length > 0)
                words.Add($"--{option.Name}");
        }
        return string.Join(' ', words);
    }
}

using Insula.Engine;

namespace Insula.Cli.Options;

/// <summary>
/// Takes a command line apart as getopt_long(3) does, because that is what scripts written for the old tools rely on: options
/// and operands in any order, <c>--name value</c> and <c>--name=value</c>, long names cut short as long as they are unique,
/// letters in clusters with the value glued on (<c>-aHoctid</c>) or following (<c>-Ho ctid</c>), a value that looks like an option
/// (<c>-s -ctid</c>, <c>--description --save</c>), <c>--</c> before what is all operands.
/// </summary>
internal sealed class OptionParser
{
    private readonly IReadOnlyList<Option> _options;
    private readonly IReadOnlyList<string> _words;
    private readonly string _helpHint;
    private readonly ParsedArguments _result = new();
    private int _next;

    private OptionParser(IReadOnlyList<Option> options, IReadOnlyList<string> words, string helpHint)
    {
        _options = options;
        _words = words;
        _helpHint = helpHint;
    }

    /// <summary>Parses words; stops at the first that is wrong, see <see cref="ParsedArguments.Error"/>.</summary>
    /// <param name="words">The words after the command's name.</param>
    /// <param name="options">The options there are.</param>
    /// <param name="helpHint">What tells the user more: "vzctl start --help".</param>
    public static ParsedArguments Parse(IReadOnlyList<string> words, IReadOnlyList<Option> options, string helpHint)
    {
        var parser = new OptionParser(options, words, helpHint);
        parser.Run();
        return parser._result;
    }

    private void Run()
    {
        while (_next < _words.Count && _result.Error is null)
        {
            var word = _words[_next++];
            if (word == "--")
                TakeAll(_result.Operands);
            else if (word.StartsWith("--", StringComparison.Ordinal))
                TakeLong(word);
            else if (word.Length > 1 && word[0] == '-')
                TakeLetters(word);
            else
                _result.Operands.Add(word);
        }
    }

    private void TakeAll(List<string> target)
    {
        while (_next < _words.Count)
            target.Add(_words[_next++]);
    }

    private void TakeLong(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? word[2..] : word[2..equals];
        if (FindLong(name) is not { } option)
            return;
        var glued = equals < 0 ? null : word[(equals + 1)..];
        if (option.Argument is null && glued is not null)
            Fail($"Option --{option.Name} takes no value");
        else
            Take(option, glued);
    }

    private void TakeLetters(string word)
    {
        for (var i = 1; i < word.Length && _result.Error is null; i++)
        {
            if (FindLetter(word[i]) is not { } option)
            {
                Fail($"Unknown option -{word[i]}");
                return;
            }
            var glued = option.Argument is not null && i + 1 < word.Length ? word[(i + 1)..] : null;
            Take(option, glued);
            if (glued is not null)
                return;
        }
    }

    private void Take(Option option, string? glued)
    {
        if (option.Argument is null)
        {
            _result.Options.Add(new GivenOption(option, ""));
            return;
        }
        if (glued is null && _next == _words.Count)
        {
            Fail($"Option {option.Shown} needs a value: {option.Argument}");
            return;
        }
        _result.Options.Add(new GivenOption(option, glued ?? _words[_next++]));
        if (option.TakesRest)
            TakeAll(_result.Rest);
    }

    private Option? FindLong(string name)
    {
        Option? beginning = null;
        var ambiguous = false;
        foreach (var option in _options)
        {
            if (option.Name == name || Contains(option.Aliases, name))
                return option;
            if (name.Length == 0 || option.Hidden || !option.Name.StartsWith(name, StringComparison.Ordinal))
                continue;
            ambiguous |= beginning is not null;
            beginning = option;
        }
        if (beginning is null || ambiguous)
        {
            Fail(ambiguous ? $"Option --{name} may be more than one" : $"Unknown option --{name}");
            return null;
        }
        return beginning;
    }

    private Option? FindLetter(char letter)
    {
        foreach (var option in _options)
        {
            if (option.Letter == letter)
                return option;
        }
        return null;
    }

    private static bool Contains(IReadOnlyList<string> names, string name)
    {
        foreach (var each in names)
        {
            if (each == name)
                return true;
        }
        return false;
    }

    private void Fail(string message) => _result.Error = new InsulaException(ExitCode.BadSyntax, message, $"See {_helpHint}");
}

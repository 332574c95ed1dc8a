using Insula.Engine.Containers;
using Insula.Engine.Parameters;

namespace Insula.Engine.Operations;

/// <summary>Turns the options of a command into typed changes.</summary>
internal static class OptionParser
{
    /// <summary>Parses; nothing is applied yet.</summary>
    /// <param name="options">In the order given.</param>
    /// <param name="onCreate">True for `create`, which takes fewer of them.</param>
    /// <param name="reporter">Is told of values that were understood but cut.</param>
    /// <exception cref="InsulaException">20: no such option; or the code of the bad value.</exception>
    public static ParameterChanges Parse(IReadOnlyList<OptionValue> options, bool onCreate, IReporter reporter)
    {
        var changes = new ParameterChanges();
        var context = new ParseContext { IsAskedFor = true, Note = reporter.Warning };
        foreach (var (name, text) in InterfaceOptions.Join(options))
        {
            if (ParameterCatalog.FindOption(name) is not var (parameter, option) || !(onCreate ? option.OnCreate : option.OnSet))
                throw new InsulaException(ExitCode.BadSyntax, $"Invalid option --{name}");
            changes.Add(parameter, option, text, context);
        }
        return changes;
    }
}

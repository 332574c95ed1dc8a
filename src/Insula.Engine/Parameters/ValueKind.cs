namespace Insula.Engine.Parameters;

/// <summary>
/// The grammar of a value: how it is read from the command line or a file, what is accepted, how it is stored.
/// Parsed once at the door; inside, values are typed (<see cref="ValueKind{T}"/>).
/// </summary>
public abstract class ValueKind
{
    /// <summary>What is accepted, for messages and help: "a number from 8 to 500000".</summary>
    public abstract string Accepts { get; }

    /// <summary>What a command exits with on a bad value.</summary>
    public virtual ExitCode BadValueCode => ExitCode.BadValue;

    /// <summary>True when the text must not appear in messages or logs.</summary>
    public virtual bool IsSecret => false;

    /// <summary>Reads a value.</summary>
    /// <param name="subject">Where it came from, for the message: "--cpuunits", "CPUUNITS in /etc/vz/conf/101.conf".</param>
    /// <param name="text">The value as written.</param>
    /// <param name="context">What its meaning depends on.</param>
    /// <exception cref="InsulaException">It is not accepted (<see cref="BadValueCode"/>).</exception>
    public abstract object ParseObject(string subject, string text, ParseContext context);

    /// <summary>The text that is stored in a configuration file; empty when the key is to be removed.</summary>
    public abstract string FormatObject(object value);

    /// <summary>What a value becomes when a second one of the same parameter is added to it.</summary>
    public abstract object MergeObjects(object old, object added);

    /// <summary>What is left of a value.</summary>
    public abstract object RemoveObject(object old, object removed);

    internal static InsulaException BadValue(ValueKind kind, string subject, string text, string why)
    {
        var shown = kind.IsSecret ? "" : $" {Quote(text)}";
        return new InsulaException(kind.BadValueCode, $"Bad value{shown} for {subject}: {why}", $"Accepted: {kind.Accepts}") { BadValue = new BadValue(subject, why) };
    }

    /// <summary>Hostile text for a message: quoted, cut, control characters replaced.</summary>
    internal static string Quote(string text)
    {
        const int Longest = 80;
        var shown = text.Length > Longest ? text[..Longest] : text;
        var safe = string.Create(shown.Length, shown, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
        });
        return $"\"{safe}{(text.Length > Longest ? "..." : "")}\"";
    }
}

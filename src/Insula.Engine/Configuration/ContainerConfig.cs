using Insula.Engine.Containers;
using Insula.Engine.Parameters;

namespace Insula.Engine.Configuration;

/// <summary>
/// The configuration of one container: its file, and below it what vz.conf says for all containers, below that the defaults
/// of the declarations. Values are read from the text when they are asked for.
/// </summary>
/// <param name="ctid">The container.</param>
/// <param name="file">CTID.conf; changed in place.</param>
/// <param name="global">vz.conf, or null when there is nothing below the container's own file.</param>
public sealed class ContainerConfig(Ctid ctid, ConfigFile file, ConfigFile? global)
{
    /// <summary>The container.</summary>
    public Ctid Ctid { get; } = ctid;

    /// <summary>The container's own file.</summary>
    public ConfigFile File { get; } = file;

    /// <summary>The value in force: of the container's file, else of vz.conf, else the declaration's default.</summary>
    /// <returns>False when none of them gives one.</returns>
    /// <exception cref="InsulaException">A file gives a bad value (85): it names file, key, value and why.</exception>
    public bool TryGet<T>(ParameterDeclaration<T> parameter, out T value)
        where T : notnull
    {
        var found = Find(parameter, out var subject);
        value = default!;
        if (found is null)
            return false;
        if (parameter.TypedKind.TryParse(found, ParseContext.Default, out value) is { } why)
            throw BadFileValue(parameter.Kind, subject, found, why);
        return true;
    }

    /// <summary>The value in force, or <paramref name="otherwise"/> when there is none.</summary>
    /// <exception cref="InsulaException">A file gives a bad value (85).</exception>
    public T Get<T>(ParameterDeclaration<T> parameter, T otherwise)
        where T : notnull
        => TryGet(parameter, out var value) ? value : otherwise;

    /// <summary>The value in force of a parameter that has a default.</summary>
    /// <exception cref="InsulaException">A file gives a bad value (85).</exception>
    public T Get<T>(ParameterDeclaration<T> parameter)
        where T : notnull
        => TryGet(parameter, out var value) ? value : throw new InvalidOperationException($"{parameter.Key} has no default");

    /// <summary>Like <see cref="TryGet"/> for lists and status, which must not fail over one bad line: a bad value counts as none.</summary>
    public bool TryPeek<T>(ParameterDeclaration<T> parameter, out T value)
        where T : notnull
    {
        value = default!;
        return Find(parameter, out _) is { } found && parameter.TypedKind.TryParse(found, ParseContext.Default, out value) is null;
    }

    /// <summary>True when the container's own file gives the parameter.</summary>
    public bool IsSet(ParameterDeclaration parameter) => OwnText(parameter) is not null;

    /// <summary>A key that has no declaration, as it stands in the container's file, else in vz.conf; null for none.</summary>
    public string? RawText(string key)
        => File.Get(key) is { Length: > 0 } own ? own : global?.Get(key) is { Length: > 0 } common ? common : null;

    /// <summary>The parameters that hold a bad value in this container's file, as warnings; start refuses what it needs of them.</summary>
    public IReadOnlyList<ConfigWarning> BadValues()
    {
        var warnings = new List<ConfigWarning>();
        foreach (var parameter in ParameterCatalog.All)
        {
            if (parameter.NeverSaved || OwnText(parameter) is not { } text)
                continue;
            try
            {
                parameter.Kind.ParseObject(parameter.Key, text, ParseContext.Default);
            }
            catch (InsulaException error)
            {
                warnings.Add(new ConfigWarning(File.Name, 0, error.Message));
            }
        }
        return warnings;
    }

    /// <summary>Writes a parameter into the container's file; an empty value removes it.</summary>
    public void Set<T>(ParameterDeclaration<T> parameter, T value)
        where T : notnull
        => Store(parameter, value);

    /// <summary>Writes what a command asked for into the container's file. What is never saved is left out.</summary>
    /// <returns>The parameters whose stored value is now another; empty: there is nothing to save.</returns>
    public IReadOnlyList<ParameterDeclaration> Apply(ParameterChanges changes)
    {
        var changed = new List<ParameterDeclaration>();
        foreach (var change in changes.Changes)
        {
            if (!change.Parameter.NeverSaved && Store(change.Parameter, change.Result(OwnValue(change.Parameter))))
                changed.Add(change.Parameter);
        }
        return changed;
    }

    /// <summary>VE_ROOT with the container's number put in.</summary>
    /// <exception cref="InsulaException">Neither file gives one (22).</exception>
    public string RootDirectory => TryGet(Parameters.Catalog.GeneralParameters.Root, out var pattern)
        ? VeidPattern.Expand(pattern, Ctid)
        : throw new InsulaException(ExitCode.RootNotSet, $"VE_ROOT of CT {Ctid} is not set");

    /// <summary>VE_PRIVATE with the container's number put in.</summary>
    /// <exception cref="InsulaException">Neither file gives one (23).</exception>
    public string PrivateDirectory => TryGet(Parameters.Catalog.GeneralParameters.Private, out var pattern)
        ? VeidPattern.Expand(pattern, Ctid)
        : throw new InsulaException(ExitCode.PrivateNotSet, $"VE_PRIVATE of CT {Ctid} is not set");

    private static InsulaException BadFileValue(ValueKind kind, string subject, string text, string why)
        => new(ExitCode.InvalidConfig, $"Bad value {ValueKind.Quote(text)} for {subject}: {why}", $"Accepted: {kind.Accepts}");

    private static string? TextOf(ConfigFile file, ParameterDeclaration parameter)
    {
        var text = file.Get(parameter.Key);
        for (var i = 0; text is null && i < parameter.KeyAliases.Count; i++)
            text = file.Get(parameter.KeyAliases[i]);
        // An empty value is how files say "none".
        return string.IsNullOrEmpty(text) ? null : text;
    }

    private string? OwnText(ParameterDeclaration parameter) => TextOf(File, parameter);

    private string? Find(ParameterDeclaration parameter, out string subject)
    {
        subject = $"{parameter.Key} in {File.Name}";
        if (OwnText(parameter) is { } own)
            return own;
        subject = $"{parameter.Key} in {global?.Name}";
        return (parameter.GlobalDefault && global is not null ? TextOf(global, parameter) : null) ?? parameter.Default;
    }

    /// <summary>The value of the container's own file; null when there is none or a bad one, which a change replaces.</summary>
    private object? OwnValue(ParameterDeclaration parameter)
    {
        try
        {
            return OwnText(parameter) is { } text ? parameter.Kind.ParseObject(parameter.Key, text, ParseContext.Default) : null;
        }
        catch (InsulaException)
        {
            return null;
        }
    }

    private bool Store(ParameterDeclaration parameter, object? value)
    {
        var text = value is null ? "" : parameter.Kind.FormatObject(value);
        var old = OwnValue(parameter);
        if (old is not null && parameter.Kind.FormatObject(old) == text)
            return false;
        var changed = text.Length > 0 || IsSet(parameter);
        foreach (var alias in parameter.KeyAliases)
            File.Remove(alias);
        if (text.Length > 0)
            File.Set(parameter.Key, text);
        else
            File.Remove(parameter.Key);
        return changed;
    }
}

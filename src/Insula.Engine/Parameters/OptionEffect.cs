namespace Insula.Engine.Parameters;

/// <summary>What a command-line option does with the value it brings.</summary>
public enum OptionEffect
{
    /// <summary>The value takes the place of the stored one; a repeated option: the last counts.</summary>
    Replace,

    /// <summary>The values of all its occurrences together take the place of the stored one (--nameserver).</summary>
    ReplaceAll,

    /// <summary>The value is added to the stored one, or overrides the part of it that it names (--ipadd, --capability).</summary>
    Merge,

    /// <summary>The value is taken out of the stored one (--ipdel). Done before anything is added.</summary>
    Remove,
}

namespace Insula.Engine.Parameters;

/// <summary>Names that are switched on or off, each once, in the order of the kind's own list: capabilities, features.</summary>
/// <param name="Switches">What is said about which name; names that are not there have their default.</param>
public sealed record SwitchSet(IReadOnlyList<(string Name, bool On)> Switches)
{
    /// <summary>Nothing said.</summary>
    public static SwitchSet Empty { get; } = new([]);

    /// <summary>True or false for a name that is there; null for one that is not.</summary>
    public bool? this[string name]
    {
        get
        {
            foreach (var (each, on) in Switches)
            {
                if (each == name)
                    return on;
            }
            return null;
        }
    }
}

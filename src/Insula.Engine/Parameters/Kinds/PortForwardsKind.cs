using Insula.Engine.Network.Firewall;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>FORWARD: forwards divided by semicolons; see <see cref="PortForward"/>.</summary>
public sealed class PortForwardsKind : ValueKind<IReadOnlyList<PortForward>>
{
    private const int MostForwards = 256;

    /// <inheritdoc/>
    public override string Accepts => $"{PortForward.Accepts}; several are divided by semicolons";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<PortForward> value)
    {
        var list = new List<PortForward>();
        value = list;
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (PortForward.TryParse(part, out var forward) is { } why)
                return why;
            if (list.Find(forward.Conflicts) is { } other)
                return $"{forward} and {other} are about the same port";
            list.Add(forward);
        }
        return list.Count > MostForwards ? $"more than {MostForwards} forwards" : null;
    }

    /// <inheritdoc/>
    public override string Format(IReadOnlyList<PortForward> value) => string.Join("; ", value);

    /// <inheritdoc/>
    public override IReadOnlyList<PortForward> Merge(IReadOnlyList<PortForward> old, IReadOnlyList<PortForward> added)
        => [.. old.Where(known => !added.Any(known.Conflicts)), .. added];

    /// <inheritdoc/>
    public override IReadOnlyList<PortForward> Remove(IReadOnlyList<PortForward> old, IReadOnlyList<PortForward> removed)
        => [.. old.Where(known => !removed.Any(known.IsMeantBy))];
}

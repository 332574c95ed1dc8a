namespace Insula.Engine.Network.Firewall;

/// <summary>What becomes of packets that no rule fits: <c>in=deny,out=allow,log=yes</c>. Null is what a change does not say.</summary>
/// <param name="AllowsIn">True, as by default, if those to the container pass.</param>
/// <param name="AllowsOut">True, as by default, if those from it pass.</param>
/// <param name="LogsDenied">True if those that do not are logged.</param>
public sealed record AclPolicy(bool? AllowsIn = null, bool? AllowsOut = null, bool? LogsDenied = null)
{
    /// <summary>What is accepted.</summary>
    public const string Accepts = "in=allow|deny, out=allow|deny and log=yes|no, divided by commas";

    /// <summary>Whether packets of a direction pass.</summary>
    public bool Allows(AclDirection direction) => (direction == AclDirection.In ? AllowsIn : AllowsOut) ?? true;

    /// <summary>This with what a change says.</summary>
    public AclPolicy With(AclPolicy change) => new(change.AllowsIn ?? AllowsIn, change.AllowsOut ?? AllowsOut, change.LogsDenied ?? LogsDenied);

    /// <summary>Reads one.</summary>
    /// <returns>Null, or why it is not accepted.</returns>
    public static string? TryParse(string text, out AclPolicy policy)
    {
        policy = new AclPolicy();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=') is not [var key, var value])
                return $"\"{part}\" is not KEY=VALUE";
            AclPolicy? change = (key, value) switch
            {
                ("in", "allow" or "deny") => new AclPolicy(AllowsIn: value == "allow"),
                ("out", "allow" or "deny") => new AclPolicy(AllowsOut: value == "allow"),
                ("log", "yes" or "no") => new AclPolicy(LogsDenied: value == "yes"),
                _ => null,
            };
            if (change is null)
                return $"\"{part}\" is not understood";
            policy = policy.With(change);
        }
        return null;
    }

    /// <summary>As the file has it; empty if it says nothing but the defaults.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (AllowsIn is false)
            parts.Add("in=deny");
        if (AllowsOut is false)
            parts.Add("out=deny");
        if (LogsDenied is true)
            parts.Add("log=yes");
        return string.Join(',', parts);
    }
}

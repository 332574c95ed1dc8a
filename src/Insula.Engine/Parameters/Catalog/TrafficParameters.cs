using Insula.Engine.Network.Traffic;
using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Parameters.Catalog;

/// <summary>Rates of the container's traffic.</summary>
public static class TrafficParameters
{
    public static readonly ParameterDeclaration<IReadOnlyList<TrafficRate>> Rate = new("RATE", new RateListKind(), ParameterGroup.Network,
        "Rates of traffic by network device and class, in 1000 bits a second: what the container sends, and what it gets")
    {
        Options =
        [
            new("rate", "DEVICE:CLASS:KBITS[:KBITS_IN]", "Set a rate; * is any device; 0 takes it away, none all; may be repeated") { Effect = OptionEffect.Merge },
        ],
    };

    public static readonly ParameterDeclaration<bool> RateBound = new("RATEBOUND", new YesNoKind(), ParameterGroup.Network,
        "Whether the rate is the most there is, or what is guaranteed of TOTALRATE")
    {
        Default = "no",
        Options = [new("ratebound", "yes|no", "Make the rate a limit (yes), or a guarantee of which more may be used while others leave it (no)")],
    };

    public static readonly ParameterDeclaration<bool> Shaping = new("TRAFFIC_SHAPING", new YesNoKind(), ParameterGroup.Network,
        "Whether rates are in force")
    {
        Default = "yes",
    };

    internal static ParameterDeclaration[] All => [Rate, RateBound, Shaping];
}

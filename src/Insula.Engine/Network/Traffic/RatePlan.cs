using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Traffic;

/// <summary>The rates that a container's rates come to.</summary>
/// <param name="Own">The container's own.</param>
/// <param name="Shares">Those of all that its own refer to.</param>
/// <param name="HasDevices">True if a rate names a device.</param>
internal sealed record RatePlan(
    IReadOnlyDictionary<RateKey, RateTerms> Own, IReadOnlyDictionary<RateKey, RateTerms> Shares, bool HasDevices)
{
    /// <summary>No rates.</summary>
    public static RatePlan None { get; } = new(new Dictionary<RateKey, RateTerms>(), new Dictionary<RateKey, RateTerms>(), false);

    /// <summary>The flags that links get.</summary>
    public uint LinkFlags => Own.Count == 0 ? 0 : TrafficLink.IsShaped | (HasDevices ? TrafficLink.HasDevices : 0);

    /// <summary>Finds out what a container's configuration asks for.</summary>
    /// <exception cref="InsulaException">25: a bound without a rate. 26: a guarantee without a total. 80: no such device.</exception>
    public static RatePlan Of(ContainerContext container)
    {
        if (!container.Config.Get(TrafficParameters.Shaping))
            return None;
        var rates = container.Config.Get(TrafficParameters.Rate, []).Where(rate => !rate.IsNone).ToList();
        var isBound = container.Config.Get(TrafficParameters.RateBound);
        if (rates.Count == 0)
        {
            return !isBound
                ? None
                : throw new InsulaException(ExitCode.RateNotSet, $"CT {container.Ctid} is bound to its rate (RATEBOUND), but RATE is not set", "set it with --rate '*:1:10000', or --ratebound no");
        }
        using var host = RouteSocket.Open();
        return new Builder(container, new TrafficTotals(container.Engine.Global), host, isBound).Build(rates);
    }

    private sealed class Builder(ContainerContext container, TrafficTotals totals, RouteSocket host, bool isBound)
    {
        private readonly Dictionary<RateKey, RateTerms> _own = [];
        private readonly Dictionary<RateKey, RateTerms> _shares = [];

        public RatePlan Build(List<TrafficRate> rates)
        {
            foreach (var rate in rates)
            {
                Add(rate, TrafficDirection.Out);
                Add(rate, TrafficDirection.In);
            }
            return new RatePlan(_own, _shares, rates.Exists(rate => rate.Device != TrafficRate.AnyDevice));
        }

        private void Add(TrafficRate rate, TrafficDirection direction)
        {
            if (rate.Of(direction) == 0)
                return;
            var device = IndexOf(rate.Device);
            var total = totals.Of(rate.Device, rate.Class, direction);
            if (total == 0 && !isBound)
            {
                throw new InsulaException(
                    ExitCode.TotalRateNotSet,
                    $"The rate {rate} of CT {container.Ctid} is a guarantee, but vz.conf has no TOTALRATE for {rate.Device}:{rate.Class}{(direction == TrafficDirection.In ? " (to containers)" : "")}",
                    "set TOTALRATE there, or make the rate a limit: --ratebound yes");
            }
            var smallest = totals.SmallestPacket(rate.Device, rate.Class);
            var most = isBound ? rate.Of(direction) : Math.Max(total, rate.Of(direction));
            var key = RateKey.Of((uint)container.Ctid.Value, device, rate.Class, direction);
            _own[key] = new RateTerms(rate.Of(direction), most, smallest, total > 0);
            if (total > 0)
                _shares[key.Share] = new RateTerms(total, total, smallest, false);
        }

        private uint IndexOf(string device)
        {
            if (device == TrafficRate.AnyDevice)
                return 0;
            var link = host.FindLink(device)
                ?? throw new InsulaException(ExitCode.SetRate, $"The device {device} in the rate of CT {container.Ctid} does not exist", "name a network device of the host, or * for any");
            return (uint)link.Index;
        }
    }
}

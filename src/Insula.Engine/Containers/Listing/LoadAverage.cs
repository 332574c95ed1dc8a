namespace Insula.Engine.Containers.Listing;

/// <summary>How many tasks of a container ran or wanted to, on average.</summary>
/// <param name="One">Over one minute.</param>
/// <param name="Five">Over five minutes.</param>
/// <param name="Fifteen">Over fifteen minutes.</param>
public readonly record struct LoadAverage(double One, double Five, double Fifteen);

namespace Insula.Engine.Parameters;

/// <summary>A column of vzlist that shows a parameter.</summary>
/// <param name="Name">The field's name: "cpuunits".</param>
/// <param name="Header">The column's header: "CPUUNI".</param>
/// <param name="Width">The column's width; negative for left-aligned.</param>
public sealed record ListField(string Name, string Header, int Width);

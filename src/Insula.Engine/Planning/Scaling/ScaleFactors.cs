namespace Insula.Engine.Planning.Scaling;

/// <summary>By what each group of parameters is multiplied; null leaves it as it is.</summary>
/// <param name="Cpu">CPUUNITS.</param>
/// <param name="Disk">DISKSPACE and DISKINODES.</param>
/// <param name="Beancounters">All beancounters, memory and swap among them.</param>
/// <param name="Network">RATE.</param>
public sealed record ScaleFactors(double? Cpu, double? Disk, double? Beancounters, double? Network);

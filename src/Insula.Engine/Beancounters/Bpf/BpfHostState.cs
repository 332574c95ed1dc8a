namespace Insula.Engine.Beancounters.Bpf;

/// <summary>What the host's programs have in common.</summary>
internal struct BpfHostState
{
    /// <summary>The <see cref="HostPrograms.Revision"/> of the programs that count; others that are attached do nothing.</summary>
    public ulong Revision;

    /// <summary>How many accounts have been given away.</summary>
    public ulong Generation;
}

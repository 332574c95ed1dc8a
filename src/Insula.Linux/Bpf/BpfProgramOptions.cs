namespace Insula.Linux.Bpf;

/// <summary>How a program is to be loaded.</summary>
/// <param name="Type">What calls it.</param>
/// <param name="AttachType">Where it will hang.</param>
/// <param name="Name">As <c>bpftool prog</c> shows it; up to 15 letters, digits, "_" and ".".</param>
public sealed record BpfProgramOptions(BpfProgramType Type, BpfAttachType AttachType, string Name)
{
    /// <summary>For tracing and security modules: the number of the kernel's function among its types; else 0.</summary>
    public uint Function { get; init; }

    /// <summary>Where functions begin that helpers call back, as instruction numbers, ascending; none for a program without.</summary>
    public IReadOnlyList<int> Functions { get; init; } = [];
}

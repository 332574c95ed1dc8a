using Insula.Linux.Bpf;

namespace Insula.Linux.Cgroups;

/// <summary>
/// Writes device rules as a BPF program. The kernel calls it with struct bpf_cgroup_dev_ctx of linux/bpf.h
/// (u32 access_type, with the access in its upper and the kind in its lower half; u32 major; u32 minor) and lets the access
/// happen if it returns 1.
/// </summary>
internal static class DeviceProgram
{
    /// <summary>The program's name, by which it is found again for the exchange.</summary>
    public const string Name = "insula_devices";

    private const int KindBlock = 1; // BPF_DEVCG_DEV_BLOCK
    private const int KindCharacter = 2; // BPF_DEVCG_DEV_CHAR

    private const BpfRegister Kind = BpfRegister.R2;
    private const BpfRegister Access = BpfRegister.R3;
    private const BpfRegister Major = BpfRegister.R4;
    private const BpfRegister Minor = BpfRegister.R5;
    private const BpfRegister Excess = BpfRegister.R6;

    /// <summary>One block a rule, of which the first that allows the whole access says yes; at the end stands a no.</summary>
    /// <param name="rules">Normalized rules: each of one kind.</param>
    public static BpfInstruction[] Compile(List<DeviceRule> rules)
    {
        var program = new BpfAssembler();
        program.LoadWord(Kind, BpfRegister.R1, 0);
        program.Move32(Access, Kind);
        program.And32(Kind, 0xFFFF);
        program.ShiftRight32(Access, 16);
        program.LoadWord(Major, BpfRegister.R1, 4);
        program.LoadWord(Minor, BpfRegister.R1, 8);
        foreach (var rule in rules)
            AddRule(program, rule);
        Return(program, 0);
        return program.Assemble();
    }

    private static void AddRule(BpfAssembler program, DeviceRule rule)
    {
        var next = program.NewLabel();
        program.JumpIfNotEqual(Kind, rule.Kind == DeviceKind.Block ? KindBlock : KindCharacter, next);
        if (rule.Major is { } major)
            program.JumpIfNotEqual(Major, major, next);
        if (rule.Minor is { } minor)
            program.JumpIfNotEqual(Minor, minor, next);
        // The kernel's bits are those of DeviceAccess: BPF_DEVCG_ACC_MKNOD 1, _READ 2, _WRITE 4.
        if (rule.Access != DeviceAccess.All)
        {
            program.Move32(Excess, Access);
            program.And32(Excess, ~(int)rule.Access);
            program.JumpIfNotEqual(Excess, 0, next);
        }
        Return(program, 1);
        program.Place(next);
    }

    private static void Return(BpfAssembler program, int value)
    {
        program.Move32(BpfRegister.R0, value);
        program.Exit();
    }
}

using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>
/// Turns a profile into classic BPF over struct seccomp_data { int nr; u32 arch; u64 instruction_pointer; u64 args[6]; }: the calling
/// convention first, then a binary search for the number, then the arguments. Some seven instructions for a call without a rule;
/// Linux 5.11 and later remember which calls are always allowed and skip even those.
/// </summary>
public static class SeccompCompiler
{
    /// <summary>AUDIT_ARCH_X86_64: machine 62, 64-bit, little-endian.</summary>
    internal const uint ArchX64 = 0xC000003E;

    /// <summary>AUDIT_ARCH_I386.</summary>
    internal const uint ArchI386 = 0x40000003;

    /// <summary>AUDIT_ARCH_AARCH64.</summary>
    internal const uint ArchArm64 = 0xC00000B7;

    /// <summary>AUDIT_ARCH_ARM.</summary>
    internal const uint ArchArm = 0x40000028;

    /// <summary>__X32_SYSCALL_BIT: x32 programs say they are x86-64 and set this bit in the number.</summary>
    internal const uint X32Bit = 0x40000000;

    private const int NumberOffset = 0;
    private const int ArchOffset = 4;
    private const int ArgumentsOffset = 16;

    /// <summary>Compiles for the architecture this process runs on.</summary>
    public static SeccompProgram Compile(SeccompProfile profile) => Compile(profile, RuntimeInformation.ProcessArchitecture);

    /// <summary>Compiles for <paramref name="architecture"/>, x86-64 or arm64, with its 32-bit ABI.</summary>
    /// <exception cref="InvalidOperationException">The profile names a call that has no row in <see cref="CompatSyscallTable"/>.</exception>
    public static SeccompProgram Compile(SeccompProfile profile, Architecture architecture)
    {
        var code = new BackwardAssembler();
        var allow = code.Return(SeccompAction.Allow);
        var kill = code.Return(SeccompAction.KillProcess);
        var (arch, compatArch) = architecture switch
        {
            Architecture.X64 => (ArchX64, ArchI386),
            Architecture.Arm64 => (ArchArm64, ArchArm),
            _ => throw new PlatformNotSupportedException($"no seccomp filter for {architecture}"),
        };
        var compat = Table(code, profile, call => CompatNumber(call, architecture), allow);
        var compatEntry = code.Load(NumberOffset, compat);
        var native = Table(code, profile, call => SyscallTable.Number(call, architecture), allow);
        if (architecture == Architecture.X64)
            native = RefuseX32(code, native, allow);
        var nativeEntry = code.Load(NumberOffset, native);
        var otherArch = code.Branch(SockFilter.JumpIfEqual, compatArch, compatEntry, kill);
        var start = code.Branch(SockFilter.JumpIfEqual, arch, nativeEntry, otherArch);
        code.Load(ArchOffset, start);
        return new SeccompProgram(code.Finish());
    }

    private static int CompatNumber(Syscall call, Architecture architecture)
        => (architecture == Architecture.X64 ? CompatSyscallTable.I386(call) : CompatSyscallTable.Arm(call))
            ?? throw new InvalidOperationException($"{SyscallTable.Name(call)} has no 32-bit number in {nameof(CompatSyscallTable)}");

    // x32 answers ENOSYS, as a kernel built or booted without it does. Number -1 is a call that a tracer cancelled: the kernel makes
    // none and keeps the result the tracer chose, so it must not be taken for x32.
    private static int RefuseX32(BackwardAssembler code, int native, int allow)
    {
        var refuse = code.Return(SeccompAction.Fail(Errno.ENOSYS));
        var other = code.Branch(SockFilter.JumpIfAtLeast, X32Bit, refuse, native);
        return code.Branch(SockFilter.JumpIfEqual, uint.MaxValue, allow, other);
    }

    /// <summary>Code that expects the call's number in the accumulator.</summary>
    private static int Table(BackwardAssembler code, SeccompProfile profile, Func<Syscall, int> numberOf, int allow)
    {
        var handlers = new SortedList<int, int>();
        foreach (var rule in profile.Rules)
        {
            var number = numberOf(rule.Call);
            if (number >= 0 && !handlers.ContainsKey(number))
                handlers.Add(number, Handler(code, profile.Rules, rule.Call, allow));
        }
        return handlers.Count == 0 ? allow : Search(code, handlers, 0, handlers.Count, allow);
    }

    /// <summary>Binary search over the numbers from <paramref name="from"/> up to but without <paramref name="to"/>.</summary>
    private static int Search(BackwardAssembler code, SortedList<int, int> handlers, int from, int to, int allow)
    {
        if (to - from == 1)
            return code.Branch(SockFilter.JumpIfEqual, (uint)handlers.GetKeyAtIndex(from), handlers.GetValueAtIndex(from), allow);
        var middle = (from + to) / 2;
        var upper = Search(code, handlers, middle, to, allow);
        var lower = Search(code, handlers, from, middle, allow);
        return code.Branch(SockFilter.JumpIfAtLeast, (uint)handlers.GetKeyAtIndex(middle), upper, lower);
    }

    /// <summary>The rules of one call, first to last.</summary>
    private static int Handler(BackwardAssembler code, IReadOnlyList<SeccompRule> rules, Syscall call, int allow)
    {
        var next = allow;
        for (var i = rules.Count - 1; i >= 0; i--)
        {
            if (rules[i].Call != call)
                continue;
            var entry = rules[i].Action == SeccompAction.Allow ? allow : code.Return(rules[i].Action);
            for (var test = rules[i].Tests.Length - 1; test >= 0; test--)
                entry = Compare(code, rules[i].Tests[test], entry, next);
            next = entry;
        }
        return next;
    }

    /// <summary>One test of a 64-bit argument on a 32-bit machine: upper half, then lower half.</summary>
    private static int Compare(BackwardAssembler code, ArgumentTest test, int holds, int fails)
    {
        var (equal, differs) = test.Negated ? (fails, holds) : (holds, fails);
        // Both architectures are little-endian: the lower half comes first.
        var lower = ArgumentsOffset + 8 * test.Index;
        var entry = CompareWord(code, lower, (uint)test.Mask, (uint)test.Value, equal, differs);
        return CompareWord(code, lower + 4, (uint)(test.Mask >> 32), (uint)(test.Value >> 32), entry, differs);
    }

    private static int CompareWord(BackwardAssembler code, int offset, uint mask, uint value, int equal, int differs)
    {
        if (mask == 0)
            return equal;
        var entry = code.Branch(SockFilter.JumpIfEqual, value, equal, differs);
        if (mask != uint.MaxValue)
            entry = code.And(mask, entry);
        return code.Load(offset, entry);
    }
}

using Insula.Linux.Processes.Seccomp;

namespace Insula.Linux.Tests.Processes.Seccomp;

/// <summary>struct seccomp_data, as little-endian words.</summary>
internal sealed record SeccompData(uint Number, uint Arch, params ulong[] Arguments)
{
    public uint Word(uint offset) => offset switch
    {
        0 => Number,
        4 => Arch,
        8 or 12 => throw new InvalidOperationException("no filter of ours looks at the instruction pointer"),
        >= 16 and <= 60 when offset % 4 == 0 => (uint)(Argument((int)(offset - 16) / 8) >> ((offset - 16) % 8 == 0 ? 0 : 32)),
        _ => throw new InvalidOperationException($"the kernel refuses a load at {offset}"),
    };

    private ulong Argument(int index) => index < Arguments.Length ? Arguments[index] : 0;
}

/// <summary>The kernel's classic BPF machine, from its description in Documentation/networking/filter.rst; independent of the compiler.</summary>
internal static class ClassicBpf
{
    public static uint Run(ReadOnlySpan<SockFilter> program, SeccompData data)
    {
        uint accumulator = 0;
        for (var at = 0; ; at++)
        {
            var (code, whenTrue, whenFalse, k) = program[at];
            switch (code)
            {
                case 0x20: accumulator = data.Word(k); break;
                case 0x54: accumulator &= k; break;
                case 0x05: at += (int)k; break;
                case 0x15: at += accumulator == k ? whenTrue : whenFalse; break;
                case 0x35: at += accumulator >= k ? whenTrue : whenFalse; break;
                case 0x06: return k;
                default: throw new InvalidOperationException($"instruction {code:x} at {at}");
            }
        }
    }
}

/// <summary>What a profile says about a call, by reading its rules one after the other.</summary>
internal static class ProfileReader
{
    public static SeccompAction Answer(SeccompProfile profile, Linux.Syscalls.Syscall call, ulong[] arguments)
    {
        foreach (var rule in profile.Rules)
            if (rule.Call == call && rule.Tests.All(test => Holds(test, arguments)))
                return rule.Action;
        return SeccompAction.Allow;
    }

    private static bool Holds(ArgumentTest test, ulong[] arguments)
        => ((arguments[test.Index] & test.Mask) == test.Value) != test.Negated;
}

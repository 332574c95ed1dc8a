using System.Runtime.InteropServices;
using CsCheck;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Processes.Seccomp;

public class SeccompCompilerTests
{
    private const uint Allow = 0x7fff0000;
    private const uint KillProcess = 0x80000000;
    private const uint FailEnosys = 0x00050000 | 38;

    public static TheoryData<string, Architecture, uint> Worlds => new()
    {
        { "default", Architecture.X64, SeccompCompiler.ArchX64 },
        { "default", Architecture.X64, SeccompCompiler.ArchI386 },
        { "default", Architecture.Arm64, SeccompCompiler.ArchArm64 },
        { "default", Architecture.Arm64, SeccompCompiler.ArchArm },
        { "asking", Architecture.X64, SeccompCompiler.ArchX64 },
        { "asking", Architecture.X64, SeccompCompiler.ArchI386 },
        { "asking", Architecture.Arm64, SeccompCompiler.ArchArm64 },
        { "asking", Architecture.Arm64, SeccompCompiler.ArchArm },
        { "migratable", Architecture.X64, SeccompCompiler.ArchX64 },
        { "migratable", Architecture.X64, SeccompCompiler.ArchI386 },
        { "migratable", Architecture.Arm64, SeccompCompiler.ArchArm64 },
        { "migratable", Architecture.Arm64, SeccompCompiler.ArchArm },
    };

    [Theory, MemberData(nameof(Worlds))]
    public void Every_number_gets_the_answer_of_the_rule_list(string profileName, Architecture architecture, uint arch)
    {
        var profile = Profile(profileName);
        var program = SeccompCompiler.Compile(profile, architecture);
        var calls = CallsByNumber(profile, architecture, arch);
        var samples = InterestingArguments();
        for (uint number = 0; number < 600; number++)
        {
            foreach (var arguments in samples)
            {
                var expected = calls.TryGetValue((int)number, out var call)
                    ? ProfileReader.Answer(profile, call, arguments)
                    : SeccompAction.Allow;
                Assert.Equal(expected.Value, ClassicBpf.Run(program.Instructions, new SeccompData(number, arch, arguments)));
            }
        }
    }

    [Fact]
    public void Any_profile_with_any_arguments_gets_the_answer_of_its_rule_list()
        => Gen.Select(GenProfile, GenCall, GenArguments, GenArch).Sample(
            (profile, call, arguments, world) =>
            {
                var number = Number(call, world.Architecture, world.Arch);
                if (number < 0)
                    return true;
                var program = SeccompCompiler.Compile(profile, world.Architecture);
                return ClassicBpf.Run(program.Instructions, new SeccompData((uint)number, world.Arch, arguments))
                    == ProfileReader.Answer(profile, call, arguments).Value;
            });

    [Fact]
    public void A_profile_too_long_for_short_jumps_still_answers_right()
    {
        // 200 rules on one call put more than 255 instructions between the search and its targets.
        var rules = Enumerable.Range(0, 200).Select(i => new SeccompRule(
            Syscall.Personality, SeccompAction.Fail((Errno)(1 + i % 130)), "test", ArgumentTest.Is(0, (ulong)i, ulong.MaxValue)));
        var profile = ContainerSeccompProfile.Default.Without(Syscall.Personality).WithFirst("long", rules);
        var program = SeccompCompiler.Compile(profile, Architecture.X64);
        Assert.True(program.Instructions.Length > 600);
        for (ulong i = 0; i < 210; i++)
        {
            var number = (uint)SyscallTable.Number(Syscall.Personality, Architecture.X64);
            var expected = ProfileReader.Answer(profile, Syscall.Personality, [i, 0, 0, 0, 0, 0]);
            Assert.Equal(expected.Value, ClassicBpf.Run(program.Instructions, new SeccompData(number, SeccompCompiler.ArchX64, i)));
        }
        Assert.Equal(0x00050001u, ClassicBpf.Run(program.Instructions, new SeccompData(246, SeccompCompiler.ArchX64)));
        Assert.Equal(0x00050001u, ClassicBpf.Run(program.Instructions, new SeccompData(283, SeccompCompiler.ArchI386)));
    }

    [Fact]
    public void X32_calls_do_not_exist()
    {
        var program = SeccompCompiler.Compile(ContainerSeccompProfile.Default, Architecture.X64);
        foreach (var number in new uint[] { 0, 1, 246, 512, 547, 0x3fffffff })
            Assert.Equal(FailEnosys, ClassicBpf.Run(program.Instructions, new SeccompData(number | 0x40000000, SeccompCompiler.ArchX64)));
        Assert.Equal(FailEnosys, ClassicBpf.Run(program.Instructions, new SeccompData(uint.MaxValue - 1, SeccompCompiler.ArchX64)));
    }

    [Fact]
    public void A_call_that_a_tracer_cancelled_is_left_alone()
        => Assert.Equal(Allow, ClassicBpf.Run(
            SeccompCompiler.Compile(ContainerSeccompProfile.Default, Architecture.X64).Instructions,
            new SeccompData(uint.MaxValue, SeccompCompiler.ArchX64)));

    [Theory]
    [InlineData(Architecture.X64, 0xC00000B7u)]
    [InlineData(Architecture.Arm64, 0xC000003Eu)]
    [InlineData(Architecture.X64, 0u)]
    [InlineData(Architecture.Arm64, 0xC0000015u)]
    public void A_calling_convention_that_the_machine_does_not_have_kills(Architecture architecture, uint arch)
        => Assert.Equal(KillProcess, ClassicBpf.Run(
            SeccompCompiler.Compile(ContainerSeccompProfile.Default, architecture).Instructions, new SeccompData(0, arch)));

    [Theory]
    [InlineData("default", Architecture.X64)]
    [InlineData("default", Architecture.Arm64)]
    [InlineData("migratable", Architecture.X64)]
    [InlineData("migratable", Architecture.Arm64)]
    public void Every_jump_lands_inside_and_the_end_is_a_return(string profileName, Architecture architecture)
    {
        var program = SeccompCompiler.Compile(Profile(profileName), architecture).Instructions;
        for (var at = 0; at < program.Length; at++)
        {
            var longest = program[at].Code == SockFilter.Jump ? program[at].K : Math.Max(program[at].WhenTrue, program[at].WhenFalse);
            Assert.True(at + 1 + longest < program.Length || program[at].Code == SockFilter.Return);
        }
        Assert.Equal(SockFilter.Return, program[^1].Code);
    }

    [Fact]
    public void An_ordinary_call_costs_few_instructions()
    {
        var program = SeccompCompiler.Compile(ContainerSeccompProfile.Default, Architecture.X64);
        Assert.InRange(program.Instructions.Length, 50, 400);
        Assert.Equal(8 * program.Instructions.Length, program.ToBytes().Length);
    }

    [Fact]
    public void A_test_that_can_never_be_met_is_refused()
        => Assert.Throws<ArgumentException>(() => ArgumentTest.Is(0, 0x100, 0xff));

    private static SeccompProfile Profile(string name)
        => name switch
        {
            "default" => ContainerSeccompProfile.Default,
            "asking" => ContainerSeccompProfile.WithOwnSysInfo(ContainerSeccompProfile.Default),
            _ => ContainerSeccompProfile.Migratable,
        };

    private static Dictionary<int, Syscall> CallsByNumber(SeccompProfile profile, Architecture architecture, uint arch)
        => profile.Rules.Select(rule => rule.Call).Distinct()
            .Select(call => (call, number: Number(call, architecture, arch)))
            .Where(row => row.number >= 0)
            .ToDictionary(row => row.number, row => row.call);

    private static int Number(Syscall call, Architecture architecture, uint arch) => arch switch
    {
        SeccompCompiler.ArchI386 => CompatSyscallTable.I386(call)!.Value,
        SeccompCompiler.ArchArm => CompatSyscallTable.Arm(call)!.Value,
        _ => SyscallTable.Number(call, architecture),
    };

    private static List<ulong[]> InterestingArguments()
    {
        ulong[] values = [0, 1, 2, 8, 10, 16, 38, 40, 262, 0x5412, 0x541C, 0x1_0000_5412, 0xffffffff, 0x1_0000_0001, 0x80, 0x10000000, 0x00020000, ulong.MaxValue];
        var result = new List<ulong[]>();
        foreach (var value in values)
            foreach (var other in values)
                result.Add([value, other, value ^ other, other, value, other]);
        return result;
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<Syscall> GenCall => OneOf(
        Syscall.Personality, Syscall.Socket, Syscall.IoCtl, Syscall.Clone, Syscall.KexecLoad, Syscall.Bpf, Syscall.Umount2);

    private static Gen<(Architecture Architecture, uint Arch)> GenArch => OneOf(
        (Architecture.X64, SeccompCompiler.ArchX64), (Architecture.X64, SeccompCompiler.ArchI386),
        (Architecture.Arm64, SeccompCompiler.ArchArm64), (Architecture.Arm64, SeccompCompiler.ArchArm));

    // Few distinct values and bits, so that tests are met and missed about equally often.
    private static Gen<ulong> GenWord => Gen.Select(Gen.ULong[0, 7], Gen.ULong[0, 3], (low, high) => low | high << 32 | (low & 1) << 31);

    private static Gen<ulong[]> GenArguments => GenWord.Array[6];

    private static Gen<ArgumentTest> GenTest => Gen.Select(Gen.Int[0, 5], GenWord, GenWord, Gen.Bool, (index, mask, value, negated)
        => negated ? ArgumentTest.IsNot(index, value & mask, mask) : ArgumentTest.Is(index, value & mask, mask));

    private static Gen<SeccompRule> GenRule => Gen.Select(GenCall, Gen.Int[0, 4], GenTest.Array[0, 3], (call, action, tests)
        => new SeccompRule(call, action == 0 ? SeccompAction.Allow : SeccompAction.Fail((Errno)action), "test", tests));

    private static Gen<SeccompProfile> GenProfile => GenRule.Array[0, 40].Select(rules => new SeccompProfile("random", rules));
}

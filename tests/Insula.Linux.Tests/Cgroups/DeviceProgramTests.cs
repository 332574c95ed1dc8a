using CsCheck;
using Insula.Linux.Bpf;
using Insula.Linux.Cgroups;

namespace Insula.Linux.Tests.Cgroups;

/// <summary>The program is run here by a machine of a few lines that knows just the instructions it is made of.</summary>
public class DeviceProgramTests
{
    private static readonly Gen<DeviceRule> Rules = Gen.Select(
        Gen.Int[0, 2].Select(kind => (DeviceKind)kind),
        Gen.Int[-1, 3],
        Gen.Int[-1, 3],
        Gen.Int[0, 7],
        (kind, major, minor, access) => new DeviceRule(kind, major < 0 ? null : major, minor < 0 ? null : minor, (DeviceAccess)access));

    [Fact]
    public void An_empty_list_refuses_everything() => Assert.Equal(0, Run(DeviceProgram.Compile([]), DeviceKind.Character, 1, 3, DeviceAccess.Read));

    [Fact]
    public void The_program_says_what_the_rules_say()
        => Gen.Select(Rules.List[0, 8], Gen.Int[1, 2].Select(kind => (DeviceKind)kind), Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[1, 7])
            .Sample((rules, kind, major, minor, access) =>
            {
                var normal = DeviceRule.Normalize(rules);
                var asked = (DeviceAccess)access;
                var expected = normal.Any(rule => rule.Kind == kind
                    && (rule.Major is null || rule.Major == major)
                    && (rule.Minor is null || rule.Minor == minor)
                    && (asked & ~rule.Access) == 0);
                Assert.Equal(expected ? 1 : 0, Run(DeviceProgram.Compile(normal), kind, major, minor, asked));
            });

    private static int Run(BpfInstruction[] program, DeviceKind kind, int major, int minor, DeviceAccess access)
    {
        uint[] context = [((uint)access << 16) | (kind == DeviceKind.Block ? 1u : 2u), (uint)major, (uint)minor];
        var registers = new ulong[11];
        for (var at = 0; ; at++)
        {
            var (opcode, pair, offset, immediate) = program[at];
            ref var destination = ref registers[pair & 15];
            var source = registers[pair >> 4];
            switch (opcode)
            {
                case 0x61:
                    Assert.Equal(1, pair >> 4); // the context is the only memory there is
                    destination = context[offset / 4];
                    break;
                case 0xbc:
                    destination = (uint)source;
                    break;
                case 0xb4:
                    destination = (uint)immediate;
                    break;
                case 0x54:
                    destination = (uint)destination & (uint)immediate;
                    break;
                case 0x74:
                    destination = (uint)destination >> immediate;
                    break;
                case 0x55:
                    at += destination != (ulong)immediate ? offset : 0;
                    break;
                case 0x95:
                    return (int)registers[0];
                default:
                    Assert.Fail($"unknown instruction 0x{opcode:x2}");
                    break;
            }
        }
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Abi;

public class SyscallNumberTests
{
    [Theory]
    [InlineData(Architecture.X64)]
    [InlineData(Architecture.Arm64)]
    public void Every_system_call_has_the_number_of_the_headers(Architecture architecture)
        => Compare(CCompiler.For(architecture).Macros("#include <asm/unistd.h>\n"), call => SyscallTable.Number(call, architecture));

    [Fact]
    public void Every_filtered_system_call_has_the_number_of_the_i386_headers()
    {
        var macros = CCompiler.For(Architecture.X64).Macros("#include <asm/unistd_32.h>\n");
        Compare(macros, CompatSyscallTable.I386);
    }

    [Fact]
    public void Every_filtered_system_call_has_the_number_of_the_32_bit_ARM_headers()
        => Compare(CCompiler.ForArmHeaders().Macros("#include <asm/unistd.h>\n"), CompatSyscallTable.Arm);

    /// <param name="macros">Of asm/unistd.h.</param>
    /// <param name="numberOf">Our number; -1 where there is none, null where the table makes no claim.</param>
    private static void Compare(Dictionary<string, string> macros, Func<Syscall, int?> numberOf)
    {
        var numbers = macros
            .Where(macro => macro.Key.StartsWith("__NR_", StringComparison.Ordinal) && !macro.Key.EndsWith("_syscalls", StringComparison.Ordinal)
                && int.TryParse(Digits(macro.Value), out _))
            .ToDictionary(macro => macro.Key, macro => int.Parse(Digits(macro.Value), CultureInfo.InvariantCulture));
        Assert.True(numbers.Count > 250, "the headers define too few system calls to be the right ones");
        var newest = numbers.Values.Max();
        var wrong = new List<string>();
        foreach (var call in SyscallTable.All)
        {
            if (numberOf(call) is not { } ours)
                continue;
            var name = SyscallTable.Name(call);
            if (numbers.TryGetValue("__NR_" + name, out var theirs))
            {
                if (ours != theirs)
                    wrong.Add($"{name}: ours {ours}, the headers' {theirs}");
            }
            else if (ours > newest)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"not checked, newer than the headers: {name} = {ours}");
            }
            else if (ours >= 0)
            {
                wrong.Add($"{name}: ours {ours}, not in the headers");
            }
        }
        Assert.Empty(wrong);
    }

    /// <summary>32-bit ARM writes (__NR_SYSCALL_BASE + 1), where the base is 0 in the EABI.</summary>
    private static string Digits(string value)
        => value.StartsWith("(__NR_SYSCALL_BASE", StringComparison.Ordinal) ? value.Split('+')[1].Trim(' ', ')') : value;
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Insula.Linux.Tests.Abi;

/// <summary>
/// Constants that keep the kernel's name, or have it in a comment, are found in the source itself, so one that is written tomorrow is
/// checked too: <c>const int F_DUPFD_CLOEXEC = 1030;</c> and <c>EmptyPath = 0x1000; // AT_EMPTY_PATH</c>.
/// </summary>
public partial class NamedConstantTests
{
    // The libc's headers: where they and the kernel's define one name, they agree.
    private static readonly string[] Headers =
    [
        "fcntl.h", "signal.h", "poll.h", "sys/stat.h", "sys/file.h", "sys/wait.h", "sys/mman.h", "sys/mount.h", "sys/prctl.h", "sys/ioctl.h",
        "sys/socket.h", "sys/personality.h", "netinet/in.h", "linux/netlink.h", "linux/rtnetlink.h", "linux/if_link.h", "linux/veth.h",
        "linux/neighbour.h", "linux/seccomp.h", "linux/magic.h", "linux/close_range.h", "linux/limits.h", "linux/memfd.h", "linux/capability.h", "linux/keyctl.h",
    ];

    // The kernel's, where the libc has another value or name for its own structure.
    private static readonly string[] KernelHeaders = ["asm/termbits.h", "asm/termios.h", "asm/ioctls.h", "asm/fcntl.h", "linux/mount.h", "linux/stat.h", "linux/sched.h"];

    [Theory]
    [InlineData(Architecture.X64)]
    [InlineData(Architecture.Arm64)]
    public void A_constant_with_a_name_of_the_kernels_has_its_value(Architecture architecture)
    {
        var compiler = CCompiler.For(architecture);
        var constants = FindInSource();
        Assert.True(constants.Count > 40, "the source holds fewer named constants than it did; is the pattern still right?");
        var known = new HashSet<string>();
        foreach (var headers in new[] { Headers, KernelHeaders })
        {
            var includes = string.Concat(headers.Select(header => $"#include <{header}>\n"));
            var macros = compiler.Macros("#define _GNU_SOURCE\n" + includes);
            var statements = constants.Where(constant => macros.ContainsKey(constant.Name) || Enumerations.Contains(constant.Name) && headers == Headers)
                .Select(constant =>
                {
                    known.Add(constant.Name);
                    return $"_Static_assert((unsigned)({constant.Name}) == {(uint)constant.Value}U, \"{constant.Name} in {constant.File}\");\n";
                });
            var (success, output) = compiler.Check("#define _GNU_SOURCE\n" + includes + string.Concat(statements));
            Assert.True(success, output);
        }
        foreach (var name in constants.Select(constant => constant.Name).Where(name => !known.Contains(name)).Distinct())
            TestContext.Current.TestOutputHelper?.WriteLine($"not checked, in none of the headers: {name}");
        Assert.True(known.Count > 40, "too few constants were found in the headers");
    }

    /// <summary>Names that C has as enumeration constants, which the preprocessor does not see.</summary>
    private static readonly string[] Enumerations = ["P_PIDFD", "CLD_EXITED"];

    private static List<(string Name, long Value, string File)> FindInSource()
    {
        var found = new List<(string, long, string)>();
        foreach (var file in Directory.EnumerateFiles(SourceDirectory(), "*.cs", SearchOption.AllDirectories).Where(IsSource))
        {
            foreach (var line in File.ReadLines(file).Where(line => line.Contains("const ", StringComparison.Ordinal)))
            {
                foreach (Match match in KernelName().Matches(line))
                    found.Add((match.Groups["name"].Value, Number(match.Groups["value"].Value), Path.GetFileName(file)));
                if (NameInComment().Match(line) is { Success: true } comment)
                    found.Add((comment.Groups["name"].Value, Number(comment.Groups["value"].Value), Path.GetFileName(file)));
            }
        }
        return found;
    }

    private static bool IsSource(string file) => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal);

    private static long Number(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        return digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.Parse(digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : long.Parse(digits, CultureInfo.InvariantCulture);
    }

    private static string SourceDirectory([CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src"));

    [GeneratedRegex(@"\b(?<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\s*=\s*(?:unchecked\(\(int\))?(?<value>0x[0-9a-fA-F_]+|[0-9_]+)[uUlL]*\)?\s*[,;]")]
    private static partial Regex KernelName();

    [GeneratedRegex(@"=\s*(?<value>0x[0-9a-fA-F_]+|[0-9_]+)[uUlL]*\s*;\s*//\s*(?<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\s*$")]
    private static partial Regex NameInComment();
}

using System.Reflection;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.House;

/// <summary>
/// Dependencies point down only: Linux knows no container, Engine knows no command line, front ends hold no rules.
/// Whoever has a reason to change one of these lists changes the design, and its document with it.
/// </summary>
public class LayeringTests
{
    private static readonly Assembly Linux = typeof(LinuxException).Assembly;
    private static readonly Assembly Engine = typeof(InsulaException).Assembly;

    // A front end speaks to the terminal in front of it and may name the kernel's error; everything else is asked of the engine.
    private static readonly string[] LinuxThatFrontEndsMayUse = ["Insula.Linux.Terminals", "Insula.Linux.Syscalls"];

    private static readonly string[] KernelDoors = ["Kernel", "Syscall", "SyscallTable", "LibraryImport", "DllImport"];

    [Theory]
    [InlineData("Insula.Linux", "")]
    [InlineData("Insula.Engine", "Insula.Linux")]
    [InlineData("Insula.Cli", "Insula.Engine")]
    [InlineData("Insula.Daemon", "Insula.Engine")]
    public void A_project_refers_to_the_layer_below_it_and_no_other(string project, string layer)
        => Assert.Equal(layer, string.Join(' ', Repository.References(Repository.Project(project), "ProjectReference")));

    [Theory]
    [InlineData("Insula.Linux", "")]
    [InlineData("Insula.Engine", "")]
    [InlineData("Insula.Cli", "Spectre.Console System.CommandLine")]
    [InlineData("Insula.Daemon", "")]
    public void A_project_uses_no_package_that_is_not_agreed_on(string project, string agreed)
        => Assert.Empty(Repository.References(Repository.Project(project), "PackageReference").Except(agreed.Split(' ')));

    [Fact]
    public void Every_project_of_src_is_under_these_rules()
        => Assert.Equal(
            ["Insula.Cli", "Insula.Daemon", "Insula.Engine", "Insula.Linux"],
            Repository.Files("src", "*.csproj").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void The_kernel_layer_is_compiled_against_nothing_of_ours()
        => Assert.DoesNotContain(Linux.GetReferencedAssemblies(), IsOurs);

    [Fact]
    public void The_engine_is_compiled_against_the_kernel_layer_alone()
        => Assert.Equal(
            ["Insula.Linux"],
            Engine.GetReferencedAssemblies().Where(IsOurs).Select(name => name.Name));

    [Fact]
    public void Libraries_do_not_print()
    {
        string[] printing = ["System.Console", "System.CommandLine", "Spectre.Console"];
        Assert.Empty(Linux.GetReferencedAssemblies().Concat(Engine.GetReferencedAssemblies())
            .Select(name => name.Name)
            .Intersect(printing));
    }

    // What .NET does by loading OpenSSL when it is first needed would fail in a statically linked binary, and only then.
    [Fact]
    public void Nothing_is_hashed_through_a_library_that_is_loaded()
        => Assert.Empty(FilesWith(["src"], code => code.Usings().Any(used => used.StartsWith("System.Security.Cryptography", StringComparison.Ordinal))));

    [Fact]
    public void Front_ends_use_no_kernel_interface_but_the_terminal()
    {
        Assert.Empty(FilesWith(["src/Insula.Cli", "src/Insula.Daemon"], code => code.Usings().Any(IsForbiddenToFrontEnds)));
        Assert.Empty(FilesWith(["src/Insula.Cli", "src/Insula.Daemon"], code => code.Words().Intersect(KernelDoors).Any()));
    }

    [Fact]
    public void No_source_uses_regular_expressions()
        => Assert.Empty(FilesWith(["src"], code => code.Words().Intersect(["Regex", "RegularExpressions"]).Any()));

    [Fact]
    public void A_namespace_follows_its_folder()
        => Assert.Empty(Repository.Files("src").Where(file =>
        {
            var expected = Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Repository.Root, "src"), file))!.Replace('/', '.');
            return SourceCode.Read(file).Namespace() is { } found && found != expected;
        }).Select(Repository.Relative));

    [Fact]
    public void Package_versions_are_in_one_place()
    {
        foreach (var file in Repository.Files(".", "*.csproj"))
        {
            var references = System.Xml.Linq.XDocument.Load(file).Descendants("PackageReference");
            Assert.DoesNotContain(references, reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null);
        }
    }

    private static bool IsOurs(AssemblyName name) => name.Name!.StartsWith("Insula.", StringComparison.Ordinal);

    private static bool IsForbiddenToFrontEnds(string used)
        => used.StartsWith("Insula.Linux", StringComparison.Ordinal) && !LinuxThatFrontEndsMayUse.Contains(used);

    private static IEnumerable<string> FilesWith(string[] folders, Func<SourceCode, bool> condition)
        => folders.SelectMany(folder => Repository.Files(folder))
            .Where(file => condition(SourceCode.Read(file)))
            .Select(Repository.Relative);
}

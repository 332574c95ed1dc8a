using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Insula.Engine.Beancounters.Bpf;
using Insula.Linux.Bpf;

namespace Insula.Engine.Tests.Beancounters;

public class HostProgramsTests
{
    // A command of another version finds programs attached and must know whether they are its own. Whoever changes a program raises
    // HostPrograms.Revision, and then writes both here.
    private const int Revision = 1;
    private const string Digest = "1654a3e0bd943bed";

    private static readonly ProgramMaps Maps = new(1, 2, 3, 4, 5, 6, 7, 8);

    [Fact]
    public void The_revision_changes_with_the_programs()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "some programs differ by architecture");
        var found = new KernelFields(() => KernelTypes.Parse(NoTypes));
        var bytes = HostPrograms.Resources.SelectMany(resource => HostPrograms.Write(resource, Maps, found))
            .SelectMany(program => MemoryMarshal.AsBytes(program.Instructions.AsSpan()).ToArray());
        Assert.Equal((Revision, Digest), (HostPrograms.Revision, Convert.ToHexStringLower(SHA256.HashData([.. bytes]))[..16]));
    }

    [Fact]
    public void What_a_kernel_lacks_is_named()
    {
        var fields = new KernelFields(() => KernelTypes.Parse(NoTypes));
        Assert.Equal(0, fields.Offset("task_struct.cred"));
        Assert.Equal(0, fields.Offset("file_lock_core.flc_file", "file_lock.fl_file"));
        Assert.Equal(0u, fields.Target(BpfAttachType.FunctionEntry, "exit_mmap"));
        Assert.Equal(["no field task_struct.cred", "no field file_lock_core.flc_file", "no function exit_mmap"], fields.Missing);
    }

    [Fact]
    public void Names_of_programs_fit_and_are_unique()
    {
        var fields = new KernelFields(() => KernelTypes.Parse(NoTypes));
        var names = HostPrograms.Resources.SelectMany(resource => HostPrograms.Write(resource, Maps, fields)).Select(program => program.Name).ToList();
        Assert.All(names, name => Assert.InRange(name.Length, 1, 15));
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public void An_account_is_never_taken_for_the_one_that_had_its_place_before()
    {
        var first = AccountId.Of(7, 0);
        var next = AccountId.Of(7, 1);
        Assert.Equal((7u, 7u), (first.Place, next.Place));
        Assert.NotEqual(first, next);
        // 0 is nobody's, whatever the place and however often it was given away.
        for (var generation = 0ul; generation < 600_000; generation += 1)
            Assert.NotEqual(0u, AccountId.Of(0, generation).Value);
    }

    // A BTF without types: a header, and a string section that holds the empty name.
    private static byte[] NoTypes => [0x9F, 0xEB, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
}

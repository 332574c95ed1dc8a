using System.Runtime.InteropServices;
using Insula.Linux.Bpf;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// privvmpages: the private writable mappings of all address spaces of a container (data_vm + stack_vm of struct mm_struct, the field
/// "data" of /proc/PID/statm). The account holds the sum of what each address space was charged with; whenever one grows, shrinks, is
/// copied or ends, its own figure is brought to what the kernel's is then, and the sum changes by the difference.
/// </summary>
/// <remarks>
/// Growth is charged before it happens, under the address space's own lock, and refused with ENOMEM beyond the barrier (beyond the limit
/// when a stack grows). Before it is refused all the container's other address spaces are looked at again, so that nothing is refused
/// because of memory that has been given back. See docs/bpf.md.
/// </remarks>
internal static class MemoryPrograms
{
    // Where one system call ends that may have changed an address space. Those that a kernel lacks are left out.
    private static readonly string[] Endings = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        ? ["vm_mmap_pgoff", "__arm64_sys_munmap", "__arm64_sys_brk", "__arm64_sys_mremap", "__arm64_sys_mprotect", "__arm64_sys_pkey_mprotect"]
        :
        [
            "vm_mmap_pgoff", "__x64_sys_munmap", "__x64_sys_brk", "__x64_sys_mremap", "__x64_sys_mprotect", "__x64_sys_pkey_mprotect",
            "__ia32_sys_munmap", "__ia32_sys_brk", "__ia32_sys_mremap", "__ia32_sys_mprotect",
        ];

    public static IEnumerable<HostProgram> Write(ProgramMaps maps, KernelFields fields)
    {
        foreach (var program in MemoryGrowthPrograms.Write(maps, fields))
            yield return program;
        foreach (var program in MemoryForkPrograms.Write(maps, fields))
            yield return program;
        yield return new HostProgram("insula_mmend", BpfAttachType.FunctionEntry, "exit_mmap", End(new MemoryWriter(maps, fields)));
        for (var i = 0; i < Endings.Length; i++)
        {
            if (fields.HasFunction(Endings[i]))
                yield return new HostProgram($"insula_mm{i}", BpfAttachType.FunctionExit, Endings[i], Synchronize(new MemoryWriter(maps, fields)));
        }
    }

    // Any function that the running task has called to change its own address space.
    private static BpfInstruction[] Synchronize(MemoryWriter writer)
    {
        var code = writer.Code;
        var end = code.NewLabel();
        writer.LoadCurrentNamespace(R7);
        writer.FindAccount(R7, end);
        code.Call(BpfHelper.CurrentTask);
        code.Load(R8, R0, writer.AddressSpace);
        code.JumpIfEqual(R8, 0, end);
        writer.FindEntry(R8, end);
        writer.Synchronize(end);
        code.Place(end);
        code.Return(0);
        return code.Assemble();
    }

    // void exit_mmap(struct mm_struct *mm): nobody uses it any more.
    private static BpfInstruction[] End(MemoryWriter writer)
    {
        var code = writer.Code;
        var end = code.NewLabel();
        code.Load(R7, R1, 0);
        code.Store(R10, MemoryWriter.KeySlot, R7);
        writer.Lookup(writer.Maps.AddressSpaces, MemoryWriter.KeySlot, end);
        code.Move(R8, R0);
        // First the sign, then the figure: who reads the address space's fields looks for the sign afterwards.
        code.Store(BpfSize.Word, R8, MemoryWriter.EndedField, 1);
        code.Move(R9, 0);
        code.AtomicExchange(R8, MemoryWriter.PagesField, R9);
        code.LoadWord(R7, R8, MemoryWriter.AccountIdField);
        writer.Delete(writer.Maps.AddressSpaces, MemoryWriter.KeySlot);
        writer.FindAccountOf(R7, end);
        writer.GiveBack(R9);
        code.Place(end);
        code.Return(0);
        return code.Assemble();
    }
}

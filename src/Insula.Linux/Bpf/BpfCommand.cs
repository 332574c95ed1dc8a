using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>enum bpf_prog_type of linux/bpf.h: what calls the program.</summary>
public enum BpfProgramType : uint
{
    CgroupDevice = 15,
}

/// <summary>enum bpf_attach_type of linux/bpf.h: where a program hangs.</summary>
public enum BpfAttachType : uint
{
    CgroupDevice = 6,
}

/// <summary>enum bpf_cmd of linux/bpf.h.</summary>
internal enum BpfCommand
{
    ProgLoad = 5,
    ProgAttach = 8,
    ProgDetach = 9,
    ProgGetFdById = 13,
    ObjGetInfoByFd = 15,
    ProgQuery = 16,
}

/// <summary>The part of union bpf_attr that BPF_PROG_LOAD reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfLoadAttributes
{
    public const int NameSize = 16;

    public BpfProgramType ProgramType;
    public uint InstructionCount;
    public ulong Instructions;
    public ulong License;
    public uint LogLevel;
    public uint LogSize;
    public ulong LogBuffer;
    public uint KernelVersion;
    public uint ProgramFlags;
    public fixed byte ProgramName[NameSize];
    public uint InterfaceIndex;
    public BpfAttachType ExpectedAttachType;
}

/// <summary>The part of union bpf_attr that BPF_PROG_ATTACH and BPF_PROG_DETACH read.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfAttachAttributes
{
    public int Target;
    public int Program;
    public BpfAttachType AttachType;
    public uint Flags;
    public int ReplacedProgram;
}

/// <summary>The part of union bpf_attr that BPF_PROG_QUERY reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfQueryAttributes
{
    public int Target;
    public BpfAttachType AttachType;
    public uint QueryFlags;
    public uint AttachFlags;
    public ulong ProgramIds;
    public uint ProgramCount;
    public uint Reserved;
    public ulong ProgramAttachFlags;
}

/// <summary>The part of union bpf_attr that BPF_PROG_GET_FD_BY_ID reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfIdAttributes
{
    public uint Id;
    public uint NextId;
    public uint OpenFlags;
}

/// <summary>The part of union bpf_attr that BPF_OBJ_GET_INFO_BY_FD reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfInfoAttributes
{
    public int Descriptor;
    public uint InfoLength;
    public ulong Info;
}

/// <summary>The beginning of struct bpf_prog_info, as far as the name.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfProgramInfo
{
    public BpfProgramType Type;
    public uint Id;
    public ulong Tag;
    public uint JitedLength;
    public uint TranslatedLength;
    public ulong JitedInstructions;
    public ulong TranslatedInstructions;
    public ulong LoadTime;
    public uint CreatedByUid;
    public uint MapCount;
    public ulong MapIds;
    public fixed byte Name[BpfLoadAttributes.NameSize];
}

/// <summary>bpf(2).</summary>
internal static unsafe class BpfCall
{
    /// <summary>Makes the call and gives back the kernel's own result.</summary>
    public static long Make<T>(BpfCommand command, ref T attributes)
        where T : unmanaged
    {
        fixed (T* pointer = &attributes)
            return Kernel.Call(Syscall.Bpf, (nint)command, (nint)pointer, sizeof(T));
    }
}

using System.Runtime.InteropServices;

namespace Insula.Linux.Bpf;

/// <summary>What a map or program is called: up to 15 characters and a zero.</summary>
internal static class BpfName
{
    public const int Size = 16; // BPF_OBJ_NAME_LEN
}

/// <summary>The part of union bpf_attr that BPF_MAP_CREATE reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfMapAttributes
{
    public BpfMapType MapType;
    public uint KeySize;
    public uint ValueSize;
    public uint MaxEntries;
    public uint Flags;
    public uint InnerMap;
    public uint NumaNode;
    public fixed byte Name[BpfName.Size];
    public uint InterfaceIndex;
    public int Types;
    public uint KeyType;
    public uint ValueType;
}

/// <summary>The part of union bpf_attr that BPF_MAP_*_ELEM and BPF_MAP_GET_NEXT_KEY read.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfElementAttributes
{
    public int Map;
    public uint Padding;
    public ulong Key;
    public ulong Value;
    public ulong Flags;
}

/// <summary>The part of union bpf_attr that BPF_MAP_*_BATCH reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfBatchAttributes
{
    public ulong InBatch;
    public ulong OutBatch;
    public ulong Keys;
    public ulong Values;
    public uint Count;
    public int Map;
    public ulong ElementFlags;
    public ulong Flags;
}

/// <summary>The part of union bpf_attr that BPF_PROG_LOAD reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfLoadAttributes
{
    public BpfProgramType ProgramType;
    public uint InstructionCount;
    public ulong Instructions;
    public ulong License;
    public uint LogLevel;
    public uint LogSize;
    public ulong LogBuffer;
    public uint KernelVersion;
    public uint ProgramFlags;
    public fixed byte ProgramName[BpfName.Size];
    public uint InterfaceIndex;
    public BpfAttachType ExpectedAttachType;
    public int Types;
    public uint FunctionRecordSize;
    public ulong FunctionRecords;
    public uint FunctionCount;
    public uint LineRecordSize;
    public ulong LineRecords;
    public uint LineCount;
    public uint AttachType;
}

/// <summary>struct bpf_func_info: where a function of the program begins, and its type.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfFunctionRecord
{
    public uint Instruction;
    public uint Type;
}

/// <summary>The part of union bpf_attr that BPF_OBJ_PIN and BPF_OBJ_GET read.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfPinAttributes
{
    public ulong Path;
    public int Descriptor;
    public uint Flags;
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

/// <summary>The part of union bpf_attr that BPF_BTF_LOAD reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfTypesAttributes
{
    public ulong Types;
    public ulong LogBuffer;
    public uint Size;
    public uint LogSize;
    public uint LogLevel;
}

/// <summary>The part of union bpf_attr that BPF_LINK_CREATE reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfLinkAttributes
{
    public int Program;
    public int Target;
    public BpfAttachType AttachType;
    public uint Flags;
    public ulong IteratorInfo;
    public uint IteratorInfoLength;
}

/// <summary>The part of union bpf_attr that BPF_LINK_UPDATE reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfLinkUpdateAttributes
{
    public int Link;
    public int Program;
    public uint Flags;
    public int OldProgram;
}

/// <summary>The part of union bpf_attr that BPF_ITER_CREATE reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfIteratorAttributes
{
    public int Link;
    public uint Flags;
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
    public fixed byte Name[BpfName.Size];
}

/// <summary>The beginning of struct bpf_map_info, as far as the flags.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfMapInfo
{
    public BpfMapType Type;
    public uint Id;
    public uint KeySize;
    public uint ValueSize;
    public uint MaxEntries;
    public uint Flags;
}

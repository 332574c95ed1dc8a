using System.Runtime.InteropServices;
using Insula.Linux.Bpf;
using Insula.Linux.Tests.Abi;

namespace Insula.Linux.Tests.Bpf;

public class BpfAbiTests
{
    public static TheoryData<Architecture> Architectures => [Architecture.X64, Architecture.Arm64];

    [Theory, MemberData(nameof(Architectures))]
    public void What_the_call_reads_is_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/bpf.h")
            .Structure<BpfInstruction>("struct bpf_insn", ("code", "Opcode"), ("off", "Offset"), ("imm", "Immediate"))
            .Fields<BpfMapAttributes>(
                "union bpf_attr", ("map_type", "MapType"), ("key_size", "KeySize"), ("value_size", "ValueSize"), ("max_entries", "MaxEntries"),
                ("map_flags", "Flags"), ("inner_map_fd", "InnerMap"), ("numa_node", "NumaNode"), ("map_ifindex", "InterfaceIndex"),
                ("btf_fd", "Types"), ("btf_key_type_id", "KeyType"), ("btf_value_type_id", "ValueType"))
            .Fields<BpfElementAttributes>("union bpf_attr", ("map_fd", "Map"), ("key", "Key"), ("value", "Value"), ("flags", "Flags"))
            .Fields<BpfBatchAttributes>(
                "union bpf_attr", ("batch.in_batch", "InBatch"), ("batch.out_batch", "OutBatch"), ("batch.keys", "Keys"),
                ("batch.values", "Values"), ("batch.count", "Count"), ("batch.map_fd", "Map"), ("batch.elem_flags", "ElementFlags"),
                ("batch.flags", "Flags"))
            .Fields<BpfLoadAttributes>(
                "union bpf_attr", ("prog_type", "ProgramType"), ("insn_cnt", "InstructionCount"), ("insns", "Instructions"),
                ("license", "License"), ("log_level", "LogLevel"), ("log_size", "LogSize"), ("log_buf", "LogBuffer"),
                ("kern_version", "KernelVersion"), ("prog_flags", "ProgramFlags"), ("prog_ifindex", "InterfaceIndex"),
                ("expected_attach_type", "ExpectedAttachType"), ("prog_btf_fd", "Types"), ("func_info_rec_size", "FunctionRecordSize"),
                ("func_info", "FunctionRecords"), ("func_info_cnt", "FunctionCount"), ("line_info_rec_size", "LineRecordSize"),
                ("line_info", "LineRecords"), ("line_info_cnt", "LineCount"), ("attach_btf_id", "AttachType"))
            .Structure<BpfFunctionRecord>("struct bpf_func_info", ("insn_off", "Instruction"), ("type_id", "Type"))
            .Fields<BpfPinAttributes>("union bpf_attr", ("pathname", "Path"), ("bpf_fd", "Descriptor"), ("file_flags", "Flags"))
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void What_attaches_and_asks_is_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/bpf.h")
            .Fields<BpfAttachAttributes>(
                "union bpf_attr", ("target_fd", "Target"), ("attach_bpf_fd", "Program"), ("attach_type", "AttachType"), ("attach_flags", "Flags"),
                ("replace_bpf_fd", "ReplacedProgram"))
            .Fields<BpfQueryAttributes>(
                "union bpf_attr", ("query.target_fd", "Target"), ("query.attach_type", "AttachType"), ("query.query_flags", "QueryFlags"),
                ("query.attach_flags", "AttachFlags"), ("query.prog_ids", "ProgramIds"), ("query.prog_cnt", "ProgramCount"),
                ("query.prog_attach_flags", "ProgramAttachFlags"))
            .Fields<BpfIdAttributes>("union bpf_attr", ("prog_id", "Id"), ("next_id", "NextId"), ("open_flags", "OpenFlags"))
            .Fields<BpfInfoAttributes>("union bpf_attr", ("info.bpf_fd", "Descriptor"), ("info.info_len", "InfoLength"), ("info.info", "Info"))
            .Fields<BpfTypesAttributes>(
                "union bpf_attr", ("btf", "Types"), ("btf_log_buf", "LogBuffer"), ("btf_size", "Size"), ("btf_log_size", "LogSize"),
                ("btf_log_level", "LogLevel"))
            .Fields<BpfLinkAttributes>(
                "union bpf_attr", ("link_create.prog_fd", "Program"), ("link_create.target_fd", "Target"), ("link_create.attach_type", "AttachType"),
                ("link_create.flags", "Flags"), ("link_create.iter_info", "IteratorInfo"), ("link_create.iter_info_len", "IteratorInfoLength"))
            .Fields<BpfLinkUpdateAttributes>(
                "union bpf_attr", ("link_update.link_fd", "Link"), ("link_update.new_prog_fd", "Program"), ("link_update.flags", "Flags"),
                ("link_update.old_prog_fd", "OldProgram"))
            .Fields<BpfIteratorAttributes>("union bpf_attr", ("iter_create.link_fd", "Link"), ("iter_create.flags", "Flags"))
            .Fields<BpfProgramInfo>("struct bpf_prog_info", ("type", "Type"), ("id", "Id"), ("map_ids", "MapIds"))
            .Fields<BpfMapInfo>(
                "struct bpf_map_info", ("type", "Type"), ("id", "Id"), ("key_size", "KeySize"), ("value_size", "ValueSize"),
                ("max_entries", "MaxEntries"), ("map_flags", "Flags"))
            .That($"offsetof(struct bpf_prog_info, name) == {Marshal.OffsetOf<BpfProgramInfo>("Name")}", "name of a program")
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Commands_kinds_and_helpers_have_the_numbers_of_the_headers(Architecture architecture)
    {
        var unit = new AbiUnit("linux/bpf.h");
        foreach (var (name, ours) in Numbers)
            unit.Constant(name, ours);
        unit.Verify(architecture);
    }

    private static (string Name, long Ours)[] Numbers =>
    [
        ("BPF_MAP_CREATE", (long)BpfCommand.MapCreate), ("BPF_MAP_LOOKUP_ELEM", (long)BpfCommand.MapLookup),
        ("BPF_MAP_UPDATE_ELEM", (long)BpfCommand.MapUpdate), ("BPF_MAP_DELETE_ELEM", (long)BpfCommand.MapDelete),
        ("BPF_MAP_GET_NEXT_KEY", (long)BpfCommand.MapNextKey), ("BPF_PROG_LOAD", (long)BpfCommand.ProgLoad),
        ("BPF_OBJ_PIN", (long)BpfCommand.ObjPin), ("BPF_OBJ_GET", (long)BpfCommand.ObjGet), ("BPF_PROG_ATTACH", (long)BpfCommand.ProgAttach),
        ("BPF_PROG_DETACH", (long)BpfCommand.ProgDetach), ("BPF_PROG_GET_FD_BY_ID", (long)BpfCommand.ProgGetFdById),
        ("BPF_OBJ_GET_INFO_BY_FD", (long)BpfCommand.ObjGetInfoByFd), ("BPF_PROG_QUERY", (long)BpfCommand.ProgQuery),
        ("BPF_BTF_LOAD", (long)BpfCommand.BtfLoad), ("BPF_MAP_LOOKUP_BATCH", (long)BpfCommand.MapLookupBatch),
        ("BPF_LINK_CREATE", (long)BpfCommand.LinkCreate), ("BPF_LINK_UPDATE", (long)BpfCommand.LinkUpdate),
        ("BPF_ITER_CREATE", (long)BpfCommand.IterCreate),
        ("BPF_MAP_TYPE_HASH", (long)BpfMapType.Hash), ("BPF_MAP_TYPE_ARRAY", (long)BpfMapType.Array),
        ("BPF_MAP_TYPE_PERCPU_HASH", (long)BpfMapType.PerCpuHash), ("BPF_MAP_TYPE_LPM_TRIE", (long)BpfMapType.PrefixTrie),
        ("BPF_MAP_TYPE_SK_STORAGE", (long)BpfMapType.SocketStorage),
        ("BPF_PROG_TYPE_SCHED_CLS", (long)BpfProgramType.LinkPacket),
        ("BPF_PROG_TYPE_CGROUP_SKB", (long)BpfProgramType.CgroupPacket), ("BPF_PROG_TYPE_CGROUP_SOCK", (long)BpfProgramType.CgroupSocket),
        ("BPF_PROG_TYPE_SOCK_OPS", (long)BpfProgramType.SocketOperations), ("BPF_PROG_TYPE_CGROUP_DEVICE", (long)BpfProgramType.CgroupDevice),
        ("BPF_PROG_TYPE_TRACING", (long)BpfProgramType.Tracing), ("BPF_PROG_TYPE_LSM", (long)BpfProgramType.SecurityModule),
        ("BPF_CGROUP_INET_INGRESS", (long)BpfAttachType.CgroupIngress), ("BPF_CGROUP_INET_SOCK_CREATE", (long)BpfAttachType.CgroupSocketCreate),
        ("BPF_CGROUP_SOCK_OPS", (long)BpfAttachType.CgroupSocketOperations), ("BPF_CGROUP_DEVICE", (long)BpfAttachType.CgroupDevice),
        ("BPF_TRACE_RAW_TP", (long)BpfAttachType.TracePoint), ("BPF_TRACE_FENTRY", (long)BpfAttachType.FunctionEntry),
        ("BPF_TRACE_FEXIT", (long)BpfAttachType.FunctionExit), ("BPF_MODIFY_RETURN", (long)BpfAttachType.ModifyReturn),
        ("BPF_LSM_MAC", (long)BpfAttachType.SecurityHook), ("BPF_TRACE_ITER", (long)BpfAttachType.Iterator),
        ("BPF_CGROUP_INET_SOCK_RELEASE", (long)BpfAttachType.CgroupSocketRelease),
        ("BPF_FUNC_map_lookup_elem", (long)BpfHelper.MapLookup), ("BPF_FUNC_map_update_elem", (long)BpfHelper.MapUpdate),
        ("BPF_FUNC_map_delete_elem", (long)BpfHelper.MapDelete), ("BPF_FUNC_sock_ops_cb_flags_set", (long)BpfHelper.SocketOperationFlags),
        ("BPF_FUNC_sk_storage_get", (long)BpfHelper.SocketStorage), ("BPF_FUNC_probe_read_kernel", (long)BpfHelper.ProbeReadKernel),
        ("BPF_FUNC_seq_write", (long)BpfHelper.SequenceWrite), ("BPF_FUNC_skc_to_tcp_sock", (long)BpfHelper.ToTcpSocket),
        ("BPF_FUNC_get_current_task_btf", (long)BpfHelper.CurrentTask), ("BPF_FUNC_for_each_map_elem", (long)BpfHelper.ForEachElement),
        ("BPF_FUNC_redirect", (long)BpfHelper.Redirect), ("BPF_FUNC_skb_load_bytes_relative", (long)BpfHelper.PacketLoadRelative),
        ("BPF_FUNC_fib_lookup", (long)BpfHelper.FindRoute),
        ("BPF_FUNC_task_pt_regs", (long)BpfHelper.TaskRegisters), ("BPF_FUNC_set_retval", (long)BpfHelper.SetReturnValue),
    ];
}

using Insula.Engine.Beancounters.Bpf;
using Insula.Linux.Bpf;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Watching;

/// <summary>
/// The program that is called when a thread ends: if it was the last of the first process of a pid namespace of the host's, what its parent will
/// be told goes into a map. Of all other threads it does next to nothing.
/// </summary>
internal static class ExitProgram
{
    /// <summary>Where it is attached.</summary>
    public const string TracePoint = "sched_process_exit";

    private const int GroupExit = 4; // SIGNAL_GROUP_EXIT of linux/sched/signal.h
    private const int KeySlot = -32;
    private const int ValueSlot = -24;

    /// <summary>Writes it.</summary>
    /// <param name="map">The map's descriptor: from pids to <see cref="ExitEntry"/>.</param>
    /// <param name="fields">Where the kernel's fields are.</param>
    public static BpfInstruction[] Write(int map, KernelFields fields)
    {
        var code = new BpfAssembler();
        var end = code.NewLabel();
        FindFirstProcess(code, fields, end);
        NoteStatus(code, fields);
        code.Load(R2, R6, fields.Offset("task_struct.group_leader"));
        code.Load(R2, R2, fields.Offset("task_struct.start_boottime", "task_struct.real_start_time"));
        code.Store(R10, ValueSlot, R2);
        code.LoadWord(R2, R7, fields.Offset("pid_namespace.reboot"));
        code.Store(BpfSize.Word, R10, ValueSlot + 12, R2);
        code.Call(BpfHelper.BootTime);
        code.Store(R10, ValueSlot + 16, R0);
        code.LoadWord(R2, R6, fields.Offset("task_struct.tgid"));
        code.Store(BpfSize.Word, R10, KeySlot, R2);
        code.LoadMap(R1, map);
        code.Move(R2, R10);
        code.Add(R2, KeySlot);
        code.Move(R3, R10);
        code.Add(R3, ValueSlot);
        code.Move(R4, 0);
        code.Call(BpfHelper.MapUpdate);
        code.Place(end);
        code.Return(0);
        return code.Assemble();
    }

    // R6 = the thread, R7 = the pid namespace that it was the first process of, R8 = what the process's threads share.
    private static void FindFirstProcess(BpfAssembler code, KernelFields fields, BpfLabel end)
    {
        code.Load(R6, R1, 0);
        code.Load(R7, R6, fields.Offset("task_struct.nsproxy"));
        code.Load(R7, R7, fields.Offset("nsproxy.pid_ns_for_children"));
        // Deeper ones are the containers' own, who could fill the map with them.
        code.LoadWord(R2, R7, fields.Offset("pid_namespace.level"));
        code.JumpIfNotEqual(R2, 1, end);
        code.Load(R8, R6, fields.Offset("task_struct.signal"));
        code.LoadWord(R2, R8, fields.Offset("signal_struct.live.counter"));
        code.JumpIfNotEqual(R2, 0, end);
        code.Load(R2, R7, fields.Offset("pid_namespace.child_reaper"));
        code.Load(R2, R2, fields.Offset("task_struct.signal"));
        code.JumpIf(R2, BpfCondition.NotEqual, R8, end);
    }

    private static void NoteStatus(BpfAssembler code, KernelFields fields)
    {
        var own = code.NewLabel();
        code.LoadWord(R2, R6, fields.Offset("task_struct.exit_code"));
        code.LoadWord(R3, R8, fields.Offset("signal_struct.flags"));
        code.And(R3, GroupExit);
        code.JumpIfEqual(R3, 0, own);
        code.LoadWord(R2, R8, fields.Offset("signal_struct.group_exit_code"));
        code.Place(own);
        code.Store(BpfSize.Word, R10, ValueSlot + 8, R2);
    }
}

using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>
/// A child's life from clone3(2) to execve(2), written down by the parent as a list of system calls in unmanaged memory. Forking a
/// managed runtime is unsafe, so no managed code runs in the child: the <see cref="Walker"/> makes the calls. The plan is data: it
/// can be printed and tested without root.
/// </summary>
public sealed unsafe class LaunchPlan : IDisposable
{
    private readonly PlanArena _arena = new();
    private readonly List<Step> _steps = [];
    private readonly List<IDisposable> _pipes = [];
    private PlannedCall* _frozen;

    private readonly record struct Step(string Action, string Target, Syscall Call, PlanArgument[] Arguments, StepMode Mode, PlanResult Result);

    /// <summary>The number of steps.</summary>
    public int Count => _steps.Count;

    /// <summary>Adds a required step.</summary>
    /// <param name="action">What it does, as a verb phrase for the error message: "mount proc on".</param>
    /// <param name="target">What it does it to: "/proc".</param>
    /// <param name="call">The system call.</param>
    /// <param name="arguments">At most six.</param>
    /// <returns>Its result, usable as an argument of a later step.</returns>
    public PlanResult Add(string action, string target, Syscall call, params PlanArgument[] arguments)
        => Add(StepMode.Required, action, target, call, arguments);

    /// <summary>Adds a step whose result the walker judges by <paramref name="mode"/>.</summary>
    public PlanResult Add(StepMode mode, string action, string target, Syscall call, params PlanArgument[] arguments)
    {
        if (_frozen != null)
            throw new InvalidOperationException("a plan that has been launched cannot grow");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(arguments.Length, 6);
        var result = new PlanResult(_steps.Count);
        _steps.Add(new Step(action, target, call, arguments, mode, result));
        return result;
    }

    /// <summary>
    /// Adds the point where the child waits until the parent has done its part (id maps, cgroups, network) and opens the gate.
    /// If the parent dies first, the child ends.
    /// </summary>
    public LaunchGate AddGate()
    {
        var gate = new LaunchGate();
        _pipes.Add(gate);
        Add("close", "the parent's end of the gate", Syscall.Close, gate.Writer);
        Add(StepMode.NonZero, "wait for", "the parent", Syscall.Read, gate.Reader, new byte[1], 1);
        return gate;
    }

    /// <summary>Adds the point where the child tells the parent that everything before it is done.</summary>
    public LaunchSignal AddSignal()
    {
        var signal = new LaunchSignal();
        _pipes.Add(signal);
        Add("report to", "the parent", Syscall.Write, signal.Writer, new byte[1], 1);
        return signal;
    }

    /// <summary>What went wrong, from the walker's report.</summary>
    internal LinuxException FailureOf(long index, long result)
    {
        var step = _steps[(int)index];
        return new LinuxException(step.Action, step.Target, result < 0 ? (Errno)(-result) : Errno.EPIPE);
    }

    /// <summary>One line a step: number, the call as strace would print it, what it is for.</summary>
    public IEnumerable<string> Describe()
    {
        for (var i = 0; i < _steps.Count; i++)
        {
            var step = _steps[i];
            var call = $"{SyscallTable.Name(step.Call)}({string.Join(", ", step.Arguments)})";
            var note = step.Mode switch
            {
                StepMode.Optional => " (may fail)",
                StepMode.Fork => " (the child goes on)",
                _ => "",
            };
            yield return $"{i + 1,3}  {step.Action} {step.Target}{note}: {call}";
        }
    }

    /// <summary>Lays the calls out for the walker. Descriptors must stay open until the launch is over.</summary>
    internal PlannedCall* Freeze()
    {
        if (_frozen != null)
            return _frozen;
        _frozen = (PlannedCall*)_arena.Allocate((nuint)(_steps.Count * sizeof(PlannedCall)));
        var uses = new List<nint>?[_steps.Count];
        for (var i = 0; i < _steps.Count; i++)
            FreezeStep(i, uses);
        for (var i = 0; i < _steps.Count; i++)
            _frozen[i].StoreResultAt = ResultTargets(_steps[i].Result, uses[i]);
        return _frozen;
    }

    private void FreezeStep(int index, List<nint>?[] uses)
    {
        var step = _steps[index];
        var number = SyscallTable.Number(step.Call);
        if (number < 0)
            throw new LinuxException(step.Action, step.Target, Errno.ENOSYS);
        var call = _frozen + index;
        call->Number = number;
        call->Mode = (long)step.Mode;
        for (var i = 0; i < step.Arguments.Length; i++)
        {
            var argument = step.Arguments[i];
            if (argument.Payload is PlanResult result)
            {
                if (result.Step >= index || !ReferenceEquals(_steps[result.Step].Result, result))
                    throw new InvalidOperationException("a step uses the result of a later step or of another plan");
                (uses[result.Step] ??= []).Add((nint)(&call->Arguments[i]));
            }
            else
            {
                call->Arguments[i] = Lower(argument);
            }
        }
    }

    private long Lower(PlanArgument argument) => argument.Payload switch
    {
        null => argument.Number,
        string text => (long)_arena.Text(text),
        byte[] bytes => (long)_arena.Bytes(bytes),
        IReadOnlyList<string> list => (long)_arena.TextArray(list),
        FileDescriptor descriptor => descriptor.Number,
        var other => throw new InvalidOperationException($"unknown argument {other.GetType()}"),
    };

    private long** ResultTargets(PlanResult result, List<nint>? uses)
    {
        result.Slot = (long*)_arena.Allocate(sizeof(long));
        var count = uses?.Count ?? 0;
        var targets = (long**)_arena.Allocate((nuint)((count + 2) * sizeof(long*)));
        targets[0] = result.Slot;
        for (var i = 0; i < count; i++)
            targets[i + 1] = (long*)uses![i];
        return targets;
    }

    /// <summary>Memory that lives as long as the plan, for structures a step points to.</summary>
    internal byte* Allocate(nuint bytes) => _arena.Allocate(bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pipe in _pipes)
            pipe.Dispose();
        _arena.Dispose();
    }
}

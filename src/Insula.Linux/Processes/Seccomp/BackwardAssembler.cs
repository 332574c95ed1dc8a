namespace Insula.Linux.Processes.Seccomp;

/// <summary>
/// Writes classic BPF from its last instruction to its first. The language only jumps forward, so every target is known when a jump
/// to it is written. A place is counted from the end of the program and stays valid while the program grows at its front.
/// </summary>
internal sealed class BackwardAssembler
{
    private const int LongestBranch = 255;
    private readonly List<SockFilter> _reversed = [];

    /// <summary>The place of the instruction written last, which is the first of the program so far.</summary>
    private int First => _reversed.Count - 1;

    /// <summary>Ends the filter with an answer.</summary>
    public int Return(SeccompAction action) => Write(new SockFilter(SockFilter.Return, 0, 0, action.Value));

    /// <summary>Loads a word of seccomp_data, then goes on at <paramref name="next"/>.</summary>
    public int Load(int offset, int next)
    {
        FallInto(next);
        return Write(new SockFilter(SockFilter.Load, 0, 0, (uint)offset));
    }

    /// <summary>Masks the accumulator, then goes on at <paramref name="next"/>.</summary>
    public int And(uint mask, int next)
    {
        FallInto(next);
        return Write(new SockFilter(SockFilter.And, 0, 0, mask));
    }

    /// <summary>Goes one way or the other; <paramref name="code"/> is one of the conditional jumps.</summary>
    public int Branch(ushort code, uint operand, int whenTrue, int whenFalse)
    {
        // A branch reaches 255 instructions; the unconditional jump has 32 bits. Bringing one target near can push the other away.
        while (Distance(whenTrue) > LongestBranch || Distance(whenFalse) > LongestBranch)
        {
            if (Distance(whenTrue) > LongestBranch)
                whenTrue = Jump(whenTrue);
            if (Distance(whenFalse) > LongestBranch)
                whenFalse = Jump(whenFalse);
        }
        return Write(new SockFilter(code, (byte)Distance(whenTrue), (byte)Distance(whenFalse), operand));
    }

    /// <summary>The program in the order it runs.</summary>
    public SockFilter[] Finish()
    {
        var program = _reversed.ToArray();
        Array.Reverse(program);
        return program;
    }

    private void FallInto(int next)
    {
        if (next != First)
            Jump(next);
    }

    private int Jump(int target) => Write(new SockFilter(SockFilter.Jump, 0, 0, (uint)Distance(target)));

    /// <summary>Instructions between the next one written and <paramref name="target"/>.</summary>
    private int Distance(int target) => First - target;

    private int Write(SockFilter instruction)
    {
        _reversed.Add(instruction);
        return First;
    }
}

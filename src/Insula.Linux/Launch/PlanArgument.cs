using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>
/// An argument of a planned call: a number, a text, raw bytes, a list of texts (argv), a descriptor of this process, or the result
/// of an earlier step, which the walker puts in place when that step has run.
/// </summary>
public readonly struct PlanArgument
{
    private PlanArgument(long number, object? payload)
    {
        Number = number;
        Payload = payload;
    }

    internal long Number { get; }

    /// <summary>string, byte[], IReadOnlyList of string, FileDescriptor, PlanResult, or null for a number.</summary>
    internal object? Payload { get; }

    public static implicit operator PlanArgument(int value) => new(value, null);

    public static implicit operator PlanArgument(long value) => new(value, null);

    public static implicit operator PlanArgument(string text) => new(0, text);

    public static implicit operator PlanArgument(byte[] bytes) => new(0, bytes);

    public static implicit operator PlanArgument(FileDescriptor descriptor) => new(0, descriptor);

    public static implicit operator PlanArgument(PlanResult result) => new(0, result);

    /// <summary>The address of a structure in the plan's own memory.</summary>
    internal static unsafe PlanArgument Address(void* address) => new((long)address, null);

    /// <summary>argv or envp.</summary>
    public static PlanArgument List(IReadOnlyList<string> texts) => new(0, texts);

    /// <summary>How it is printed: strings quoted, results as "#3".</summary>
    public override string ToString() => Payload switch
    {
        null when Number is > 4096 or < -4096 => $"0x{Number:x}",
        null => $"{Number}",
        string text => $"\"{Escape(text)}\"",
        byte[] bytes => $"<{bytes.Length} bytes>",
        IReadOnlyList<string> list => "[" + string.Join(", ", list.Select(item => $"\"{Escape(item)}\"")) + "]",
        FileDescriptor => "<descriptor>",
        PlanResult result => $"#{result.Step + 1}",
        var other => throw new InvalidOperationException($"unknown argument {other.GetType()}"),
    };

    private static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.Contains('"') && !text.Contains('\\') && !text.Contains('\x7f'))
            return text;
        var result = new System.Text.StringBuilder();
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                result.Append('\\').Append(c);
            else if (c < ' ' || c == '\x7f')
                result.Append($"\\x{(int)c:x2}");
            else
                result.Append(c);
        }
        return result.ToString();
    }
}

/// <summary>The result of a planned step, to be used as an argument of later ones or read by the parent after the launch.</summary>
public sealed class PlanResult
{
    internal PlanResult(int step) => Step = step;

    /// <summary>The index of the step that yields it.</summary>
    internal int Step { get; }

    /// <summary>Where the walker stores it for the parent; null until the plan is frozen.</summary>
    internal unsafe long* Slot { get; set; }

    /// <summary>What the step returned in the child. Meaningful once the step has run; 0 before.</summary>
    public unsafe long Value => Slot == null ? 0 : Volatile.Read(ref *Slot);
}

namespace Insula.Linux.Terminals;

/// <summary>What the user of a relay asks for with a sequence that is not passed on.</summary>
public enum EscapeAnswer
{
    /// <summary>Not a sequence of ours: both characters are passed on.</summary>
    PassOn,

    /// <summary>Dealt with; nothing is passed on and the session goes on.</summary>
    Taken,

    /// <summary>The relay ends; the session goes on without it.</summary>
    Detach,
}

/// <summary>
/// Looks for an escape character at the start of a line, as vzctl console has it: <c>Esc .</c> detaches, <c>Esc !</c> is the secure
/// attention key. A line starts at the beginning and after CR or LF as typed.
/// </summary>
/// <param name="escape">The character that opens a sequence.</param>
/// <param name="decide">Says what the character after it means.</param>
public sealed class EscapeFilter(byte escape, Func<byte, EscapeAnswer> decide)
{
    private bool _atLineStart = true;

    /// <summary>The Esc key.</summary>
    public const byte EscapeKey = 0x1b;

    /// <summary>True while an escape character is held back until the next one tells what it means.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>Passes typed characters on.</summary>
    /// <param name="typed">What came from the user.</param>
    /// <param name="output">Receives what goes to the session; one byte longer than <paramref name="typed"/> is enough.</param>
    /// <param name="length">How much that is.</param>
    /// <returns>True when the user detaches; the rest of <paramref name="typed"/> is dropped.</returns>
    public bool Pass(ReadOnlySpan<byte> typed, Span<byte> output, out int length)
    {
        length = 0;
        foreach (var character in typed)
        {
            if (IsHolding)
            {
                IsHolding = false;
                var answer = decide(character);
                if (answer == EscapeAnswer.Detach)
                    return true;
                if (answer == EscapeAnswer.Taken)
                    continue;
                output[length++] = escape;
                _atLineStart = false;
            }
            else if (_atLineStart && character == escape)
            {
                IsHolding = true;
                continue;
            }
            output[length++] = character;
            _atLineStart = character is (byte)'\r' or (byte)'\n';
        }
        return false;
    }

    /// <summary>Gives up waiting: the escape character that is held back goes to the session alone.</summary>
    public byte Release()
    {
        IsHolding = false;
        _atLineStart = false;
        return escape;
    }
}

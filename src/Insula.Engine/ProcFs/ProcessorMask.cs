using System.Globalization;
using System.Text;
using Insula.Linux.Cgroups;

namespace Insula.Engine.ProcFs;

/// <summary>Sets of processors as sysfs writes them in hexadecimal, 32 in a word, the highest word first: <c>00000000,00000003</c>.</summary>
internal static class ProcessorMask
{
    private const int BitsPerWord = 32;

    /// <summary>The mask without the processors that are not in a set; as wide as it was. What is no mask stays as it is.</summary>
    public static string Keep(string mask, CpuSet processors)
    {
        var words = mask.Split(',');
        var text = new StringBuilder(mask.Length);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Length is 0 or > 8 || !uint.TryParse(words[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var word))
                return mask;
            var kept = word & WordOf(processors, words.Length - 1 - i);
            text.Append(i == 0 ? "" : ",").Append(kept.ToString($"x{words[i].Length}", CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }

    /// <summary>A set as a mask.</summary>
    public static string Of(CpuSet processors)
    {
        var words = (processors.Members.LastOrDefault() / BitsPerWord) + 1;
        return string.Join(',', Enumerable.Range(0, words).Select(i => WordOf(processors, words - 1 - i).ToString("x8", CultureInfo.InvariantCulture)));
    }

    private static uint WordOf(CpuSet processors, int number)
    {
        var word = 0u;
        for (var bit = 0; bit < BitsPerWord; bit++)
        {
            if (processors.Contains((number * BitsPerWord) + bit))
                word |= 1u << bit;
        }
        return word;
    }
}

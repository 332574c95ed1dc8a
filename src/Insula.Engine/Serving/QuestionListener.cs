using System.Globalization;
using Insula.Engine.Containers;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>The listener of a system call filter: of a container's init, or of a program that was run in it later.</summary>
/// <param name="Ctid">The container.</param>
/// <param name="Account">The user that the kernel counts it for while it is parked: the container's root.</param>
/// <param name="Sequence">Tells it from the container's others.</param>
/// <param name="Descriptor">The listener.</param>
internal sealed record QuestionListener(Ctid Ctid, uint Account, long Sequence, FileDescriptor Descriptor)
{
    /// <summary>What it is called where it is parked: <c>101 589824 7</c>.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Ctid.Value} {Account} {Sequence}");

    /// <summary>From its name; null if it is no such name.</summary>
    public static QuestionListener? Parse(string name, FileDescriptor descriptor)
        => name.Split(' ') is [var ctid, var account, var sequence]
            && int.TryParse(ctid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && uint.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var user)
            && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                ? new QuestionListener(new Ctid(number), user, place, descriptor)
                : null;
}

using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// What outlives the worker of <see cref="QuestionServer"/>, among the daemon's <see cref="NamedDescriptors"/>: where the listeners are parked, and the slot
/// that questions are taken into.
/// </summary>
internal static class ListenerStore
{
    private const string Entrance = "sysinfo-in", Exit = "sysinfo-out", Slot = "sysinfo-slot";

    /// <summary>Makes what an earlier daemon did not have.</summary>
    public static void Complete(NamedDescriptors descriptors)
    {
        if (descriptors.Find(Entrance) is null || descriptors.Find(Exit) is null)
        {
            var (entrance, exit) = ParkedDescriptors.Create();
            descriptors.Set(Entrance, entrance);
            descriptors.Set(Exit, exit);
        }
        if (descriptors.Find(Slot) is null)
        {
            using var slot = QuestionSlots.Create();
            descriptors.Set(Slot, slot.File.Duplicate());
        }
    }

    /// <summary>Where the listeners are.</summary>
    public static ParkedDescriptors Parked(NamedDescriptors descriptors) => new(Get(descriptors, Entrance), Get(descriptors, Exit));

    /// <summary>The slot; to be disposed by the caller.</summary>
    public static QuestionSlots OpenSlot(NamedDescriptors descriptors) => QuestionSlots.Adopt(Get(descriptors, Slot).Duplicate());

    private static FileDescriptor Get(NamedDescriptors descriptors, string name)
        => descriptors.Find(name) ?? throw new InvalidOperationException($"insulad has no {name}");
}

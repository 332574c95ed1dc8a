using Insula.Linux.PageFrames;

namespace Insula.Engine.Beancounters.Shared;

/// <summary>Tells which frames processes of the host map: those that are mapped more often than has been found in containers.</summary>
/// <param name="counts">How often frames are mapped at all.</param>
/// <param name="seen">How often they have been found in containers.</param>
internal sealed class HostMappings(MappingCounts counts, SeenMappings seen)
{
    private ulong[] _window = [];

    /// <summary>The answer for a window of frames; they are read at once.</summary>
    public Func<long, bool> InWindow(long first, int count)
    {
        if (_window.Length != count)
            _window = new ulong[count];
        counts.Read(first, _window);
        // A page that is found so often that we stopped counting is not taken for the host's.
        return frame => seen.Of(frame) is < ushort.MaxValue and var found && _window[frame - first] > found;
    }
}

namespace Insula.Engine.ActionScripts;

/// <summary>A script that may be there.</summary>
/// <param name="Path">Where it would be.</param>
/// <param name="InContainer">True if the container executes it, false if the host does.</param>
internal readonly record struct ActionScript(string Path, bool InContainer)
{
    /// <summary>
    /// The scripts of a moment in their order: on the way up the host's before the container's, on the way down the other way round
    /// (as vzctl's code does it; its manual page says otherwise for the way down).
    /// </summary>
    public static IReadOnlyList<ActionScript> Of(ActionMoment moment, string directory, string ctid)
    {
        ActionScript Global(string name) => new(System.IO.Path.Combine(directory, $"vps.{name}"), false);
        ActionScript Own(string name, bool inside = false) => new(System.IO.Path.Combine(directory, $"{ctid}.{name}"), inside);
        return moment switch
        {
            ActionMoment.BeforeMount => [Global("premount"), Own("premount")],
            ActionMoment.AfterMount => [Global("mount"), Own("mount")],
            ActionMoment.Start => [Own("start", inside: true)],
            ActionMoment.Stop => [Own("stop", inside: true)],
            ActionMoment.BeforeUnmount => [Own("umount"), Global("umount")],
            ActionMoment.AfterUnmount => [Own("postumount"), Global("postumount")],
            ActionMoment.AfterCreate => [Global("create")],
            _ => throw new ArgumentOutOfRangeException(nameof(moment)),
        };
    }
}

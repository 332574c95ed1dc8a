namespace Insula.Engine.Serving;

/// <summary>Why a keeper has ended.</summary>
internal enum KeeperEnd
{
    /// <summary>Nobody needs the files any more.</summary>
    Ended,

    /// <summary>Another daemon has the descriptors and goes on.</summary>
    MadeWay,

    /// <summary>It was asked to end while containers ran; the worker goes on without it.</summary>
    Left,
}

namespace Insula.Bench.Contenders;

/// <summary>Something that starts containers.</summary>
internal interface IContender
{
    string Name { get; }

    /// <summary>What a reader must know to compare its numbers, or nothing.</summary>
    string Note { get; }

    /// <summary>True if its container has a network device.</summary>
    bool HasAddress => false;

    /// <summary>Prints the version.</summary>
    Command Version { get; }

    /// <summary>From a stopped to a running container.</summary>
    Command Start { get; }

    /// <summary>A command in the running container.</summary>
    Command Exec(params string[] command);

    /// <summary>What the first start needs.</summary>
    void Prepare();

    /// <summary>Ends the container; nothing happens if it does not run.</summary>
    void Stop();
}

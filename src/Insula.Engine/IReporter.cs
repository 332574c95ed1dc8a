namespace Insula.Engine;

/// <summary>
/// Where the engine says what it does. It never prints; the front end shows the lines and writes them to the log file.
/// </summary>
public interface IReporter
{
    /// <summary>A step of an operation: "Starting container...".</summary>
    void Info(string message);

    /// <summary>Something the user should know although the operation goes on.</summary>
    void Warning(string message);

    /// <summary>Something that went wrong beside the error that ends the operation.</summary>
    void Error(string message);

    /// <summary>How far a long operation has come.</summary>
    /// <param name="what">What is being done: "unpacking debian-13".</param>
    /// <param name="done">Units done, of any kind.</param>
    /// <param name="total">Units in all; 0 when not known.</param>
    void Progress(string what, long done, long total);
}

namespace Insula.Engine.Templates;

/// <summary>What a long operation on a template is doing.</summary>
public enum TemplateStage
{
    Reading,
    Unpacking,
    Downloading,
    Configuring,
    Cleaning,
    Packing,
    Verifying,
}

/// <summary>How far a long operation has come.</summary>
/// <param name="Stage">What it is doing.</param>
/// <param name="Text">Detail for the user, such as a line of the program at work; may be empty.</param>
/// <param name="Done">Bytes done, or 0 where nothing is counted.</param>
/// <param name="Total">Bytes in all, or 0 where that is not known.</param>
public readonly record struct TemplateProgress(TemplateStage Stage, string Text, long Done, long Total);

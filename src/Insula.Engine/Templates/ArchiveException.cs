namespace Insula.Engine.Templates;

/// <summary>An archive is damaged, hostile or of a kind we do not read. Carries only the reason; whoever knows the archive's name adds it.</summary>
public sealed class ArchiveException : InsulaException
{
    public ArchiveException(string reason, Exception? cause = null)
        : base(ExitCode.BadTemplate, reason, cause: cause)
    {
    }
}

namespace Insula.Cli.Help;

/// <summary>What stands on a command line beside options.</summary>
internal enum OperandKind
{
    /// <summary>Nothing that completion could offer.</summary>
    None,

    /// <summary>Containers.</summary>
    Container,

    /// <summary>Files.</summary>
    File,
}

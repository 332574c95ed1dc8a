namespace Insula.Engine.Parameters;

/// <summary>A user of a container and the password to give him. Prints without the password.</summary>
/// <param name="User">The user's name.</param>
/// <param name="Password">The password in plain text.</param>
public sealed record UserPassword(string User, string Password)
{
    /// <inheritdoc/>
    public override string ToString() => $"{User}:********";
}

namespace Insula.Engine.Parameters.Kinds;

/// <summary><c>user:password</c>; goes to chpasswd(8) inside, so it must stay one line, and to no file.</summary>
public sealed class UserPasswordKind : ValueKind<UserPassword>
{
    private const int LongestUser = 32; // useradd(8)
    private const int LongestPassword = 512; // crypt(3): CRYPT_MAX_PASSPHRASE_SIZE

    /// <inheritdoc/>
    public override string Accepts => $"USER:PASSWORD, the user's name of letters, digits and _ . - (up to {LongestUser}), the password on one line";

    /// <inheritdoc/>
    public override bool IsSecret => true;

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out UserPassword value)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        value = colon < 0 ? new UserPassword(text, "") : new UserPassword(text[..colon], text[(colon + 1)..]);
        if (colon < 0)
            return "the colon is missing";
        return WhyNotUser(value.User) ?? WhyNotPassword(value.Password);
    }

    /// <inheritdoc/>
    public override string Format(UserPassword value) => throw new NotSupportedException("a password is never stored");

    private static string? WhyNotUser(string user)
    {
        if (user.Length is 0 or > LongestUser)
            return user.Length == 0 ? "the user's name is empty" : "the user's name is too long";
        if (!char.IsAsciiLetter(user[0]) && user[0] != '_')
            return "the user's name does not start with a letter or _";
        foreach (var character in user)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '.' or '-'))
                return "the user's name holds another character";
        }
        return null;
    }

    private static string? WhyNotPassword(string password)
    {
        if (password.Length is 0 or > LongestPassword)
            return password.Length == 0 ? "the password is empty" : "the password is too long";
        foreach (var character in password)
        {
            if (char.IsControl(character) || character == '\uFFFD')
                return "the password holds a control character or no valid UTF-8";
        }
        return null;
    }
}

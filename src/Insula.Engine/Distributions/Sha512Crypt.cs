using System.Text;
using Insula.Engine.Digests;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Distributions;

/// <summary>
/// The password hash "$6$" of crypt(5), as published by U. Drepper ("Unix crypt using SHA-256 and SHA-512"). Every libc knows it;
/// the container's login checks it, so the host's libcrypt is not needed.
/// </summary>
internal static class Sha512Crypt
{
    private const int Size = 64;
    private const int DefaultRounds = 5000;
    private const int FewestRounds = 1000;
    private const int MostRounds = 999999999;
    private const int LongestSalt = 16;

    // crypt(3)'s order of the 64 signs, which is not that of base64.
    private const string Signs = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Hashes a password with a fresh salt of 96 bits: <c>$6$SALT$86 signs</c>.</summary>
    public static string Hash(string password)
        => Hash(Encoding.UTF8.GetBytes(password), RandomSalt(), null);

    /// <summary>Hashes with a given salt.</summary>
    /// <param name="key">The password's bytes.</param>
    /// <param name="salt">At most 16 signs are used.</param>
    /// <param name="rounds">How often; null for the default of 5000, which is then not written into the result.</param>
    public static string Hash(byte[] key, string salt, int? rounds)
    {
        salt = salt.Length > LongestSalt ? salt[..LongestSalt] : salt;
        var count = Math.Clamp(rounds ?? DefaultRounds, FewestRounds, MostRounds);
        var saltBytes = Encoding.ASCII.GetBytes(salt);
        var sha = new Sha512();
        var digest = Start(sha, key, saltBytes);
        var keySequence = Stretch(Repeat(sha, key, key.Length), key.Length);
        var saltSequence = Stretch(Repeat(sha, saltBytes, 16 + digest[0]), saltBytes.Length);
        for (var i = 0; i < count; i++)
            Round(sha, i, digest, keySequence, saltSequence);
        var prefix = rounds == null ? "$6$" : $"$6$rounds={count}$";
        return $"{prefix}{salt}${Encode(digest)}";
    }

    private static string RandomSalt()
    {
        Span<byte> random = stackalloc byte[LongestSalt];
        RandomBytes.Fill(random);
        Span<char> salt = stackalloc char[LongestSalt];
        for (var i = 0; i < salt.Length; i++)
            salt[i] = Signs[random[i] & 63];
        return new string(salt);
    }

    private static byte[] Start(Sha512 sha, byte[] key, byte[] salt)
    {
        sha.Append(key);
        sha.Append(salt);
        sha.Append(key);
        var other = sha.FinishAndReset();
        sha.Append(key);
        sha.Append(salt);
        sha.Append(Stretch(other, key.Length));
        for (var bits = key.Length; bits > 0; bits >>= 1)
            sha.Append((bits & 1) != 0 ? other : key);
        return sha.FinishAndReset();
    }

    private static void Round(Sha512 sha, int number, byte[] digest, byte[] key, byte[] salt)
    {
        var odd = (number & 1) != 0;
        sha.Append(odd ? key : digest);
        if (number % 3 != 0)
            sha.Append(salt);
        if (number % 7 != 0)
            sha.Append(key);
        sha.Append(odd ? digest : key);
        sha.FinishAndReset(digest);
    }

    private static byte[] Repeat(Sha512 sha, byte[] data, int times)
    {
        for (var i = 0; i < times; i++)
            sha.Append(data);
        return sha.FinishAndReset();
    }

    private static byte[] Stretch(byte[] digest, int length)
    {
        var result = new byte[length];
        for (var i = 0; i < length; i++)
            result[i] = digest[i % Size];
        return result;
    }

    // Three bytes of the digest give four signs, the lowest bits first; each next three stand one further on, rotated.
    private static string Encode(byte[] digest)
    {
        var text = new StringBuilder(86);
        var (a, b, c) = (0, 21, 42);
        for (var i = 0; i < 21; i++)
        {
            Append(text, (digest[a] << 16) | (digest[b] << 8) | digest[c], 4);
            (a, b, c) = (b + 1, c + 1, a + 1);
        }
        Append(text, digest[63], 2);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int bits, int signs)
    {
        for (var i = 0; i < signs; i++, bits >>= 6)
            text.Append(Signs[bits & 63]);
    }
}

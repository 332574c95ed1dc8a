using System.Globalization;
using System.Text;

namespace Insula.Engine.Distributions;

/// <summary>
/// Users and passwords of a container, by editing passwd(5), shadow(5) and group(5). The container's own passwd(1) cannot be asked:
/// the container need not run, and what runs in it is not ours to trust with the arguments.
/// </summary>
internal sealed class UserAccounts(ContainerFiles files)
{
    private const string PasswdPath = "etc/passwd";
    private const string ShadowPath = "etc/shadow";
    private const string GroupPath = "etc/group";
    private const string GroupShadowPath = "etc/gshadow";
    private const string SkeletonPath = "etc/skel";
    private const string LockedPassword = "!!";
    private const int SecretMode = 0x180;    // 0600
    private const int HomeMode = 0x1C0;      // 0700
    private const int FirstUserId = 1000;    // UID_MIN of login.defs(5)
    private const int LastUserId = 59999;    // Debian's policy: 60000 and up are not for users
    private const int LastContainerId = 65535;
    private const int LongestUserName = 32;
    private const int LongestPassword = 512; // the hash takes a time that grows with the square of it
    private const int MostSkeletonFiles = 64;

    /// <summary>Turns an empty password of root, with which anybody gets in, into one that nobody has. Others are left alone.</summary>
    public bool LockEmptyRootPassword()
    {
        var changed = false;
        if (files.Read(ShadowPath) is { } shadowText && new AccountTable(shadowText).Find("root") is [_, "", ..] entry)
            changed = Put(ShadowPath, shadowText, "root", With(entry, 1, LockedPassword));
        if (files.Read(PasswdPath) is { } passwdText && new AccountTable(passwdText).Find("root") is [_, "", _, ..] user)
        {
            var hasShadow = files.Read(ShadowPath) is { } text && new AccountTable(text).Find("root") != null;
            changed |= Put(PasswdPath, passwdText, "root", With(user, 1, hasShadow ? "x" : LockedPassword));
        }
        return changed;
    }

    /// <summary>Sets the password of a user, who is made if missing.</summary>
    /// <exception cref="InsulaException">BadValue: the name or password cannot be used. SetPassword: the container has no users file.</exception>
    public void SetPassword(string user, string password)
    {
        CheckPassword(password);
        var passwd = files.Read(PasswdPath)
            ?? throw new InsulaException(ExitCode.SetPassword, "Cannot set a password: the container has no /etc/passwd");
        CheckName(user);
        var hash = Sha512Crypt.Hash(password);
        var entry = new AccountTable(passwd).Find(user);
        if (entry == null)
            AddUser(user, passwd, hash);
        else if (entry.Length < 7)
            throw new InsulaException(ExitCode.SetPassword, $"Cannot set a password: the line of {user} in the container's /etc/passwd is broken");
        else if (PutShadow(user, hash))
            Put(PasswdPath, passwd, user, With(entry, 1, "x"));
        else
            Put(PasswdPath, passwd, user, With(entry, 1, hash));
    }

    // The line in passwd comes last: until it is there, there is no user, and a second try starts afresh.
    private void AddUser(string user, string passwd, string hash)
    {
        var groups = files.Read(GroupPath) ?? "";
        var existingGroup = new AccountTable(groups).Find(user);
        var uid = NextFreeId(passwd, groups);
        var gid = existingGroup == null ? uid : GroupId(user, existingGroup);
        if (existingGroup == null)
            Put(GroupPath, groups, user, [user, "x", Text(gid), ""]);
        if (files.Read(GroupShadowPath) is { } groupShadow && new AccountTable(groupShadow).Find(user) == null)
            Put(GroupShadowPath, groupShadow, user, [user, "!", "", ""]);
        var secret = PutShadow(user, hash) ? "x" : hash;
        var home = $"home/{user}";
        MakeHome(home, uid, gid);
        Put(PasswdPath, passwd, user, [user, secret, Text(uid), Text(gid), "", "/" + home, files.Exists("bin/bash") ? "/bin/bash" : "/bin/sh"]);
    }

    private void MakeHome(string home, int uid, int gid)
    {
        const int publicDirectory = 0x1ED; // 0755
        var (hostUid, hostGid) = (files.RootUid + (uint)uid, files.RootGid + (uint)gid);
        files.MakeDirectory("home", publicDirectory, files.RootUid, files.RootGid);
        if (!files.MakeDirectory(home, HomeMode, hostUid, hostGid))
            return;
        var count = 0;
        foreach (var name in files.List(SkeletonPath))
        {
            if (count++ == MostSkeletonFiles)
                break;
            if (files.IsRegular($"{SkeletonPath}/{name}") && files.ReadBytes($"{SkeletonPath}/{name}") is { } file)
                files.Create($"{home}/{name}", file.Content, file.Mode, hostUid, hostGid);
        }
    }

    // False if the container keeps no shadow file. "user:HASH:days since 1970:0:99999:7:::"
    private bool PutShadow(string user, string hash)
    {
        if (files.Read(ShadowPath) is not { } shadow)
            return false;
        var today = Text((int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86400));
        var entry = new AccountTable(shadow).Find(user);
        if (entry is not { Length: 9 })
            entry = [user, "", "", "0", "99999", "7", "", "", ""];
        Put(ShadowPath, shadow, user, With(With(entry, 1, hash), 2, today));
        return true;
    }

    private bool Put(string path, string text, string name, string[] fields)
    {
        var table = new AccountTable(text);
        table.Put(name, fields);
        return files.Write(path, table.ToString(), path is ShadowPath or GroupShadowPath ? SecretMode : ContainerFiles.PublicMode);
    }

    private static int NextFreeId(string passwd, string groups)
    {
        var taken = new AccountTable(passwd).Ids();
        taken.UnionWith(new AccountTable(groups).Ids());
        for (var id = FirstUserId; id <= LastUserId; id++)
        {
            if (!taken.Contains(id))
                return id;
        }
        throw new InsulaException(ExitCode.SetPassword, "Cannot add a user: no user id is free in the container");
    }

    // A number past the container's range would be somebody else's group on the host.
    private static int GroupId(string name, string[] entry)
        => entry.Length > 2 && int.TryParse(entry[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= LastContainerId
            ? id
            : throw new InsulaException(ExitCode.SetPassword, $"Cannot add a user: the line of {name} in the container's /etc/group is broken");

    // useradd(8) of Debian: lower case, digits, hyphen and underscore; capitals and dots are left to who knows what he does.
    private static void CheckName(string user)
    {
        var good = user.Length is > 0 and <= LongestUserName && (char.IsAsciiLetter(user[0]) || user[0] == '_');
        foreach (var c in user)
            good &= char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
        if (!good)
        {
            throw new InsulaException(
                ExitCode.BadValue, "Bad user name", $"use letters, digits, '-', '_' and '.', at most {LongestUserName}, the first a letter or '_'");
        }
    }

    private static void CheckPassword(string password)
    {
        if (password.Length == 0)
            throw new InsulaException(ExitCode.BadValue, "The password is empty");
        if (Encoding.UTF8.GetByteCount(password) > LongestPassword)
            throw new InsulaException(ExitCode.BadValue, $"The password is longer than {LongestPassword} bytes");
        if (password.AsSpan().ContainsAny('\0', '\n', '\r'))
            throw new InsulaException(ExitCode.BadValue, "The password holds a line break or NUL");
    }

    private static string[] With(string[] fields, int index, string value)
    {
        var copy = (string[])fields.Clone();
        copy[index] = value;
        return copy;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

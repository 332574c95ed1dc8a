using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>One line of a profile: a call, what must hold for its arguments, the answer, and why.</summary>
/// <param name="Call">The system call.</param>
/// <param name="Action">What the filter answers.</param>
/// <param name="Reason">Why, in one line for the administrator.</param>
/// <param name="Tests">Conditions that must all hold; none means always.</param>
public sealed record SeccompRule(Syscall Call, SeccompAction Action, string Reason, params ArgumentTest[] Tests)
{
    /// <summary>As the documentation and a dry run show it.</summary>
    public override string ToString()
    {
        var condition = Tests.Length == 0 ? "" : $" when {string.Join(" and ", Tests)}";
        return $"{SyscallTable.Name(Call)}{condition}: {Action}";
    }
}

/// <summary>
/// A list of rules. For each call the first rule that fits decides; a call that none fits is made. A list of what is refused, not of
/// what is allowed: a whole Linux system must run, also next year's with system calls that are not invented yet.
/// </summary>
/// <param name="Name">For messages: "default".</param>
/// <param name="Rules">In order.</param>
public sealed record SeccompProfile(string Name, IReadOnlyList<SeccompRule> Rules)
{
    /// <summary>This profile without its rules for some calls, for a container that is granted them.</summary>
    public SeccompProfile Without(params Syscall[] calls)
        => this with { Rules = [.. Rules.Where(rule => !calls.Contains(rule.Call))] };

    /// <summary>This profile with rules that go before its own.</summary>
    public SeccompProfile WithFirst(string name, IEnumerable<SeccompRule> rules) => new(name, [.. rules, .. Rules]);
}

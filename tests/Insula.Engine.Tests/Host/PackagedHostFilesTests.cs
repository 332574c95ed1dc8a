using Insula.Engine.Host;
using Insula.Engine.Tests.House;

namespace Insula.Engine.Tests.Host;

/// <summary>What the package says once more, for the boot, is what the engine says.</summary>
public class PackagedHostFilesTests
{
    private static IEnumerable<string[]> Lines(string file)
        => File.ReadLines(Path.Combine(Repository.Root, "packaging", file))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    // "-net.ipv6..." is for a kernel that may lack the setting (sysctl.d(5)).
    [Fact]
    public void Sysctl_d_raises_the_limits_that_preparing_the_host_raises()
        => Assert.Equal(
            HostLimits.All.Where(limit => limit.IsRaised).Select(limit => $"{limit.Name} = {limit.Minimum}"),
            Lines("sysctl.d/50-insula.conf").Select(words => string.Join(' ', words).TrimStart('-')));

    // "d /var/lib/vz/private :0700 root root -". The package's own files make those below /etc.
    [Fact]
    public void Tmpfiles_d_makes_the_directories_that_preparing_the_host_makes()
        => Assert.Equal(
            HostDirectory.Of(HostLayout.Default).Where(directory => !directory.Path.StartsWith("/etc/", StringComparison.Ordinal))
                .Select(directory => $"d {directory.Path} {HostDirectory.Octal(directory.Mode)} root root -").Order(StringComparer.Ordinal),
            Lines("tmpfiles.d/insula.conf").Select(words => string.Join(' ', words).Replace(" :", " ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
}

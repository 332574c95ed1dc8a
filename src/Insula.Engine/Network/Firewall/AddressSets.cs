using Insula.Engine.Configuration;
using Insula.Engine.Host;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Firewall;

/// <summary>Networks under a name that rules refer to, <c>office="192.0.2.0/24 2001:db8::/32"</c>, a line each in address-sets.conf beside vz.conf.</summary>
public sealed class AddressSets
{
    /// <summary>What a name is made of.</summary>
    public const string NameRule = "1 to 20 letters, digits and _, a letter first";

    private const int LongestName = 20;
    private const int MostNetworks = 8192;
    private const string Name = "address-sets.conf";

    private readonly ConfigFile _file;

    private AddressSets(ConfigFile file) => _file = file;

    /// <summary>Where the file is.</summary>
    public static string PathOf(HostLayout layout) => Path.Combine(layout.ConfigDirectory, Name);

    /// <summary>Reads the file; none is one without sets.</summary>
    /// <exception cref="InsulaException">3: it cannot be read.</exception>
    public static AddressSets Load(HostLayout layout)
    {
        try
        {
            return new AddressSets(ConfigFile.TryLoad(PathOf(layout)) ?? new ConfigFile(PathOf(layout)));
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.SystemError, error.Message, error.Hint, error);
        }
    }

    /// <summary>True for the name of a set.</summary>
    public static bool IsName(string name)
        => name.Length is > 0 and <= LongestName && char.IsAsciiLetter(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    /// <summary>A name that is one.</summary>
    /// <exception cref="InsulaException">21.</exception>
    public static string RequireName(string name)
        => IsName(name) ? name : throw new InsulaException(ExitCode.BadValue, $"Bad name of a set \"{name}\"", NameRule);

    /// <summary>The names, in the order of the file.</summary>
    public IReadOnlyList<string> Names => [.. _file.Keys.Where(IsName)];

    /// <summary>The networks of a set; null: there is none of that name.</summary>
    /// <exception cref="InsulaException">85: the file is wrong.</exception>
    public IReadOnlyList<NetworkPrefix>? Find(string name)
    {
        if (_file.Get(name) is not { } text)
            return null;
        var networks = new List<NetworkPrefix>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (NetworkPrefix.TryParse(word, out var network) is { } why)
                throw new InsulaException(ExitCode.InvalidConfig, $"Bad value \"{word}\" for {name} in {_file.Name}: {why}");
            networks.Add(network);
        }
        return networks;
    }

    /// <summary>The networks of a set.</summary>
    /// <exception cref="InsulaException">21: there is none of that name.</exception>
    public IReadOnlyList<NetworkPrefix> Require(string name)
        => Find(name) ?? throw new InsulaException(ExitCode.BadValue, $"There is no address set {name}", $"make it: insula net set add {name} NETWORK...");

    /// <summary>Reads networks as somebody typed them.</summary>
    /// <exception cref="InsulaException">21.</exception>
    public static IReadOnlyList<NetworkPrefix> Parse(IEnumerable<string> texts)
    {
        var networks = new List<NetworkPrefix>();
        foreach (var text in texts)
        {
            if (NetworkPrefix.TryParse(text, out var network) is { } why)
                throw new InsulaException(ExitCode.BadValue, $"Bad network \"{text}\": {why}", "write it as 192.0.2.0/24, 192.0.2.7, 2001:db8::/32");
            networks.Add(network);
        }
        return networks;
    }

    /// <summary>Gives a set its networks, each once; null: the set goes.</summary>
    /// <exception cref="InsulaException">21: too many.</exception>
    public void Set(string name, IReadOnlyList<NetworkPrefix>? networks)
    {
        if (networks is null)
        {
            _file.Remove(name);
            return;
        }
        var all = networks.Distinct().ToList();
        if (all.Count > MostNetworks)
            throw new InsulaException(ExitCode.BadValue, $"More than {MostNetworks} networks in the address set {name}");
        _file.Set(name, string.Join(' ', all));
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="InsulaException">139: it cannot be written.</exception>
    public void Save() => _file.Save(_file.Name);
}

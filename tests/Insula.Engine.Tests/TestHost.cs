using Insula.Engine.Configuration;
using Insula.Engine.Containers;

namespace Insula.Engine.Tests;

/// <summary>A host in a directory of its own: vz.conf, conf/, names/, lock/ and an /etc.</summary>
public sealed class TestHost : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public TestHost(string extra = "")
    {
        _directory.Write("vz/vz.conf", $"LOCKDIR={_directory["lock"]}\nTEMPLATE={_directory["template"]}\nRUNDIR={_directory["run"]}\n{extra}");
        Directory.CreateDirectory(_directory["vz/conf"]);
        Directory.CreateDirectory(Etc);
        Store = new ContainerStore(GlobalConfig.Load(_directory["vz"]));
    }

    public string Etc => _directory["etc"];

    public ContainerStore Store { get; }

    public string this[string name] => _directory[name];

    /// <summary>Writes conf/CTID.conf as a foreign program would.</summary>
    public Ctid Configure(int number, string text = "")
    {
        _directory.Write($"vz/conf/{number}.conf", text);
        return new Ctid(number);
    }

    public void WriteEtc(string name, string text) => _directory.Write($"etc/{name}", text);

    public void Dispose() => _directory.Dispose();
}

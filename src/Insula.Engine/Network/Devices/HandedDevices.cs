using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;

namespace Insula.Engine.Network.Devices;

/// <summary>RUNDIR/CTID/netdev: the devices of the host that a container has. Written before one is moved, so that a command that was killed is made good.</summary>
internal sealed class HandedDevices(RuntimeState runtime)
{
    /// <summary>What a container has.</summary>
    public IReadOnlyList<HandedDevice> Of(Ctid ctid)
    {
        var file = PathOf(ctid);
        if (!File.Exists(file))
            return [];
        var devices = new List<HandedDevice>();
        foreach (var line in File.ReadLines(file))
        {
            if (HandedDevice.TryParse(line, out var device))
                devices.Add(device);
        }
        return devices;
    }

    /// <summary>The container that has a device; null: none.</summary>
    public Ctid? OwnerOf(string name)
    {
        foreach (var ctid in runtime.Started())
        {
            if (Of(ctid).Any(device => device.Name == name))
                return ctid;
        }
        return null;
    }

    /// <summary>Notes a device, in place of what was noted of it.</summary>
    public void Note(Ctid ctid, HandedDevice device) => Save(ctid, [.. Of(ctid).Where(other => other.Name != device.Name), device]);

    /// <summary>Forgets a device.</summary>
    public void Forget(Ctid ctid, string name) => Save(ctid, [.. Of(ctid).Where(other => other.Name != name)]);

    private void Save(Ctid ctid, IReadOnlyList<HandedDevice> devices)
    {
        if (devices.Count == 0)
        {
            File.Delete(PathOf(ctid));
            return;
        }
        AtomicFile.Replace(PathOf(ctid), Encoding.UTF8.GetBytes(string.Concat(devices.Select(device => $"{device}\n"))), durable: false);
    }

    private string PathOf(Ctid ctid) => Path.Combine(runtime.DirectoryOf(ctid), "netdev");
}

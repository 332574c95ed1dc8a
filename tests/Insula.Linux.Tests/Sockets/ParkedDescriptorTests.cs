using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Sockets;

public sealed class ParkedDescriptorTests : IDisposable
{
    private readonly FileDescriptor _entrance;
    private readonly FileDescriptor _exit;
    private readonly ParkedDescriptors _parked;

    public ParkedDescriptorTests()
    {
        (_entrance, _exit) = ParkedDescriptors.Create();
        _parked = new ParkedDescriptors(_entrance, _exit);
    }

    public void Dispose()
    {
        _entrance.Dispose();
        _exit.Dispose();
    }

    [Fact]
    public void They_can_be_looked_at_again_and_again()
    {
        Add("one", "first");
        Add("another one", "second");
        for (var i = 0; i < 3; i++)
            Assert.Equal([("one", "first"), ("another one", "second")], Read());
        Add("third", "last");
        Assert.Equal([("one", "first"), ("another one", "second"), ("third", "last")], Read());
    }

    [Fact]
    public void A_sweep_keeps_what_is_wanted_in_its_order()
    {
        for (var i = 0; i < 20; i++)
            Add($"{i}", $"content {i}");
        _parked.Sweep((name, _) => int.Parse(name, null) % 3 == 0 ? 0 : null);
        Assert.Equal(["0", "3", "6", "9", "12", "15", "18"], Read().Select(found => found.Name));
        Add("20", "content 20");
        Assert.All(Read(), found => Assert.Equal($"content {found.Name}", found.Text));
        _parked.Sweep((_, _) => null);
        Assert.Empty(Read());
    }

    [Fact]
    public void There_is_room_for_many()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may have more room");
        using var file = MemoryFile.Create("parked", "x"u8);
        for (var i = 0; i < 3000; i++)
            _parked.Add($"{i}", file, (uint)(600_000 + i));
        var found = _parked.Look();
        Assert.Equal(3000, found.Count);
        foreach (var (_, descriptor) in found)
            descriptor.Dispose();
    }

    private void Add(string name, string text)
    {
        using var file = MemoryFile.Create("parked", System.Text.Encoding.ASCII.GetBytes(text));
        _parked.Add(name, file, 0);
    }

    private List<(string Name, string Text)> Read()
    {
        var read = new List<(string, string)>();
        foreach (var (name, descriptor) in _parked.Look())
        {
            using (descriptor)
                read.Add((name, File.ReadAllText(descriptor.ProcPath)));
        }
        return read;
    }
}

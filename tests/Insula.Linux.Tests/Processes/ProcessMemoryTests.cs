using System.Runtime.InteropServices;
using System.Text;
using Insula.Linux.Processes;

namespace Insula.Linux.Tests.Processes;

public sealed unsafe class ProcessMemoryTests : IDisposable
{
    private const int Page = 4096;

    private readonly ProcessMemory _own = ProcessMemory.TryOpen(Environment.ProcessId)!;

    public void Dispose() => _own.Dispose();

    [Theory]
    [InlineData("/dev/loop0")]
    [InlineData("")]
    public void A_path_is_read_up_to_its_end(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path + "\0and more");
        fixed (byte* start = bytes)
            Assert.Equal(path, _own.TryReadPath((ulong)start));
    }

    [Fact]
    public void A_path_may_end_where_memory_ends()
    {
        var memory = (byte*)NativeMemory.AlignedAlloc(Page, Page);
        try
        {
            new Span<byte>(memory, Page).Fill((byte)'a');
            memory[Page - 1] = 0;
            Assert.Equal(new string('a', 299), _own.TryReadPath((ulong)(memory + Page - 300)));
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    [Fact]
    public void One_without_end_or_nowhere_is_none()
    {
        var bytes = Enumerable.Repeat((byte)'a', 2 * Page).ToArray();
        fixed (byte* start = bytes)
            Assert.Null(_own.TryReadPath((ulong)start));
        Assert.Null(_own.TryReadPath(16));
        Assert.False(_own.TryRead(16, new byte[1]));
    }
}

using System.Runtime.InteropServices;
using Insula.Linux.Processes;

namespace Insula.Linux.Tests.Processes;

public class SystemInformationTests
{
    private const long Gibi = 1L << 30;

    [Fact]
    public void The_native_structure_is_in_bytes()
    {
        var native = Read<SystemInformation.Native>(Sample(256 * Gibi).ToBytes(is32Bit: false));
        Assert.Equal((100, 1u, (ulong)(256 * Gibi)), (native.Uptime, native.Unit, native.TotalRam));
        Assert.Equal((65536ul, 32768ul, 655ul), (native.Load1, native.Load5, native.Load15));
        Assert.Equal(70, native.Processes);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(256, 128)]
    [InlineData(65536, 4096)]
    public void Where_bytes_do_not_fit_in_32_bits_the_unit_grows(long gibibytes, uint unit)
    {
        var compat = Read<SystemInformation.Compat>(Sample(gibibytes * Gibi).ToBytes(is32Bit: true));
        Assert.Equal(unit, compat.Unit);
        Assert.Equal(Math.Min(gibibytes * Gibi / unit, uint.MaxValue), compat.TotalRam);
        Assert.Equal(1024 * 1024 / unit, compat.FreeRam);
        Assert.Equal(65536u, compat.Load1);
    }

    [Fact]
    public void More_tasks_than_the_field_holds_are_its_most()
        => Assert.Equal(ushort.MaxValue, Read<SystemInformation.Native>((Sample(Gibi) with { Tasks = 100_000 }).ToBytes(false)).Processes);

    private static SystemInformation Sample(long total) => new(100, (100, 50, 1), total, 1024 * 1024, 0, 0, 0, 70);

    private static T Read<T>(byte[] bytes)
        where T : unmanaged
    {
        Assert.Equal(System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), bytes.Length);
        return MemoryMarshal.Read<T>(bytes);
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>A program in the kernel. It stays while this descriptor is open or it is attached somewhere.</summary>
public sealed unsafe class BpfProgram : IDisposable
{
    private const int LogSize = 64 * 1024;

    private BpfProgram(FileDescriptor descriptor, string name)
    {
        Descriptor = descriptor;
        Name = name;
    }

    /// <summary>The program's descriptor.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The name it was given, as in <c>bpftool prog</c>; up to 15 letters, digits, "_" and ".".</summary>
    public string Name { get; }

    /// <summary>Gives a program to the kernel (BPF_PROG_LOAD).</summary>
    /// <exception cref="LinuxException">The verifier refused it (the hint is its last line), or BPF is not to be had here.</exception>
    public static BpfProgram Load(BpfProgramType type, BpfAttachType attachType, string name, ReadOnlySpan<BpfInstruction> instructions)
    {
        var result = TryLoad(type, attachType, name, instructions, default);
        if (result < 0)
        {
            // Once more, only to hear what the verifier minds.
            var log = new byte[LogSize];
            result = TryLoad(type, attachType, name, instructions, log);
            Kernel.Check(result, "load the BPF program", name, LastLine(log));
        }
        return new BpfProgram(new FileDescriptor((int)result), name);
    }

    /// <summary>A program that is in the kernel already; null if it has gone meanwhile.</summary>
    internal static BpfProgram? TryOpen(uint id)
    {
        var attributes = new BpfIdAttributes { Id = id };
        var result = BpfCall.Make(BpfCommand.ProgGetFdById, ref attributes);
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return null;
        var descriptor = new FileDescriptor((int)Kernel.Check(result, "open the BPF program with number", $"{id}"));
        try
        {
            return new BpfProgram(descriptor, NameOf(descriptor, id));
        }
        catch (LinuxException)
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static long TryLoad(
        BpfProgramType type, BpfAttachType attachType, string name, ReadOnlySpan<BpfInstruction> instructions, Span<byte> log)
    {
        if (name.Length >= BpfLoadAttributes.NameSize || !Ascii.IsValid(name))
            throw new ArgumentException($"\"{name}\" is too long for the name of a BPF program, or not ASCII", nameof(name));
        fixed (BpfInstruction* code = instructions)
        fixed (byte* license = "MIT\0"u8)
        fixed (byte* logBuffer = log)
        {
            var attributes = new BpfLoadAttributes
            {
                ProgramType = type,
                InstructionCount = (uint)instructions.Length,
                Instructions = (ulong)code,
                License = (ulong)license,
                LogLevel = log.IsEmpty ? 0u : 1u,
                LogSize = (uint)log.Length,
                LogBuffer = (ulong)logBuffer,
                ExpectedAttachType = attachType,
            };
            Encoding.ASCII.GetBytes(name, new Span<byte>(attributes.ProgramName, BpfLoadAttributes.NameSize));
            return BpfCall.Make(BpfCommand.ProgLoad, ref attributes);
        }
    }

    private static string NameOf(FileDescriptor descriptor, uint id)
    {
        var info = default(BpfProgramInfo);
        var attributes = new BpfInfoAttributes
        {
            Descriptor = descriptor.Number,
            InfoLength = (uint)sizeof(BpfProgramInfo),
            Info = (ulong)&info,
        };
        Kernel.Check(BpfCall.Make(BpfCommand.ObjGetInfoByFd, ref attributes), "ask about the BPF program with number", $"{id}");
        return Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(info.Name));
    }

    // The log ends with the complaint and a line of statistics: "R6 !read_ok / processed 4 insns (limit 1000000) ...".
    private static string? LastLine(byte[] log)
    {
        var end = Array.IndexOf(log, (byte)0);
        string? last = null;
        foreach (var line in Encoding.ASCII.GetString(log, 0, end < 0 ? log.Length : end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith("processed ", StringComparison.Ordinal))
                last = line;
        }
        return last;
    }
}

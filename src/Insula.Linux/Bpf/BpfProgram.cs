using System.Runtime.InteropServices;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>A program in the kernel. It stays while this descriptor is open or it is attached somewhere.</summary>
public sealed unsafe class BpfProgram : IDisposable
{
    private const int LogSize = 1024 * 1024;

    // Programs that follow the kernel's own pointers must be offered under a licence that goes with the kernel's (license_is_gpl_compatible).
    private static ReadOnlySpan<byte> License => "Dual MIT/GPL\0"u8;

    private BpfProgram(FileDescriptor descriptor, string name, BpfAttachType attachType)
    {
        Descriptor = descriptor;
        Name = name;
        AttachType = attachType;
    }

    /// <summary>The program's descriptor.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The name it was given, as in <c>bpftool prog</c>; up to 15 letters, digits, "_" and ".".</summary>
    public string Name { get; }

    /// <summary>Where it may be attached.</summary>
    internal BpfAttachType AttachType { get; }

    /// <summary>Gives a program to the kernel (BPF_PROG_LOAD).</summary>
    /// <exception cref="LinuxException">The verifier refused it (the hint is its last line), or BPF is not to be had here.</exception>
    public static BpfProgram Load(BpfProgramType type, BpfAttachType attachType, string name, ReadOnlySpan<BpfInstruction> instructions)
        => Load(new BpfProgramOptions(type, attachType, name), instructions);

    /// <summary>Gives a program to the kernel (BPF_PROG_LOAD).</summary>
    /// <exception cref="LinuxException">The verifier refused it (the hint is its last line), or BPF is not to be had here.</exception>
    public static BpfProgram Load(BpfProgramOptions options, ReadOnlySpan<BpfInstruction> instructions)
    {
        using var types = options.Functions.Count == 0 ? null : BpfTypes.LoadFunctions([.. options.Functions.Select((_, i) => $"f{i}")]);
        var result = TryLoad(options, types, instructions, default);
        if (result < 0)
        {
            // Once more, only to hear what the verifier minds.
            var log = new byte[LogSize];
            result = TryLoad(options, types, instructions, log);
            Kernel.Check(result, "load the BPF program", options.Name, LastLine(log));
        }
        return new BpfProgram(new FileDescriptor((int)result), options.Name, options.AttachType);
    }

    /// <summary>A program that was pinned; null if nothing is at that path.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="name">The name it was given.</param>
    public static BpfProgram? TryOpen(string path, string name) => BpfPin.TryGet(path) is { } descriptor ? new BpfProgram(descriptor, name, default) : null;

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
            return new BpfProgram(descriptor, NameOf(descriptor, id), default);
        }
        catch (LinuxException)
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>Writes an object's name where the kernel reads it, with zeros behind it.</summary>
    internal static void WriteName(string name, Span<byte> destination)
    {
        if (name.Length >= destination.Length || !Ascii.IsValid(name))
            throw new ArgumentException($"\"{name}\" is too long for the name of a BPF object, or not ASCII", nameof(name));
        destination.Clear();
        Encoding.ASCII.GetBytes(name, destination);
    }

    private static long TryLoad(BpfProgramOptions options, FileDescriptor? types, ReadOnlySpan<BpfInstruction> instructions, Span<byte> log)
    {
        var functions = options.Functions.Select((start, i) => new BpfFunctionRecord { Instruction = (uint)start, Type = BpfTypes.FunctionType(i) }).ToArray();
        fixed (BpfInstruction* code = instructions)
        fixed (byte* license = License)
        fixed (byte* logBuffer = log)
        fixed (BpfFunctionRecord* records = functions)
        {
            var attributes = new BpfLoadAttributes
            {
                ProgramType = options.Type,
                InstructionCount = (uint)instructions.Length,
                Instructions = (ulong)code,
                License = (ulong)license,
                LogLevel = log.IsEmpty ? 0u : 1u,
                LogSize = (uint)log.Length,
                LogBuffer = (ulong)logBuffer,
                ExpectedAttachType = options.AttachType,
                Types = types?.Number ?? 0,
                FunctionRecordSize = functions.Length == 0 ? 0 : (uint)sizeof(BpfFunctionRecord),
                FunctionRecords = (ulong)records,
                FunctionCount = (uint)functions.Length,
                AttachType = options.Function,
            };
            WriteName(options.Name, new Span<byte>(attributes.ProgramName, BpfName.Size));
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

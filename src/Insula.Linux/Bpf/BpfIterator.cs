using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>
/// A program that the kernel calls for each object of a kind ("task": every thread; "task_file": every open file of every thread;
/// "task_vma": every mapping), and whose output is read like a file.
/// </summary>
public static class BpfIterator
{
    private const int BufferSize = 64 * 1024;
    private const string FunctionPrefix = "bpf_iter_";

    /// <summary>The name of the kernel's function that a program for a kind of object is loaded for.</summary>
    public static string FunctionOf(string kind) => FunctionPrefix + kind;

    /// <summary>Runs it once over everything (BPF_ITER_CREATE, Linux 5.8).</summary>
    /// <param name="program">A program of type tracing, loaded for an iterator's function.</param>
    /// <returns>What the program wrote with <see cref="BpfHelper.SequenceWrite"/>.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static byte[] Run(BpfProgram program)
    {
        using var link = BpfLink.Attach(program);
        var attributes = new BpfIteratorAttributes { Link = link.Descriptor.Number };
        var result = BpfCall.Make(BpfCommand.IterCreate, ref attributes);
        using var file = new FileDescriptor((int)Kernel.Check(result, "run the BPF iterator", program.Name));
        var output = new List<byte>();
        var buffer = new byte[BufferSize];
        while (Read(file, buffer, program.Name) is var got && got > 0)
            output.AddRange(buffer.AsSpan(0, got));
        return [.. output];
    }

    // The kernel asks for another call when it has visited many objects without a byte of output.
    private static int Read(FileDescriptor file, byte[] buffer, string name)
    {
        long result;
        do
            result = Files.TryRead(file, buffer);
        while (Kernel.ErrnoOf(result) == Errno.EAGAIN);
        return (int)Kernel.Check(result, "read the BPF iterator", name);
    }
}

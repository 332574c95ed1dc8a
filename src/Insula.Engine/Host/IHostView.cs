using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>A host as the probes see it: its files, its kernel's answers, its programs.</summary>
public interface IHostView
{
    /// <summary>A small text file, without the newline at its end; null if it is missing or cannot be read.</summary>
    string? Read(string path);

    /// <summary>True if the path leads to something.</summary>
    bool Exists(string path);

    /// <summary>The kernel's answer to a question.</summary>
    Errno Ask(KernelProbe probe);

    /// <summary>True if the running kernel has this function, or a module of this name that it can load.</summary>
    bool HasKernelPart(string symbol, string module);

    /// <summary>The full path of a program; null if there is none.</summary>
    string? FindProgram(string name);

    /// <summary>The first line that a program prints, or null if it fails.</summary>
    string? FirstLineOf(string program, string argument);

    /// <summary>What the file system of a directory and the disks below it can do.</summary>
    DataView LookAtData(string directory);
}

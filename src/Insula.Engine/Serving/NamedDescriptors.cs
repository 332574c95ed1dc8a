using System.Globalization;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// Open descriptors by name, as the daemon's processes hand them on, written <c>connection=3 requests=4</c>. A process hands on those too whose
/// names say nothing to it. For all threads.
/// </summary>
public sealed class NamedDescriptors : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, FileDescriptor> _byName = new(StringComparer.Ordinal);

    /// <summary>The names in order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
                return [.. _byName.Keys];
        }
    }

    /// <summary>What there is, by name in order.</summary>
    public IReadOnlyList<KeyValuePair<string, FileDescriptor>> All
    {
        get
        {
            lock (_lock)
                return [.. _byName];
        }
    }

    /// <summary>As words: <c>connection=3</c>.</summary>
    public IReadOnlyList<string> Words
        => [.. All.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key}={entry.Value.Number}"))];

    /// <summary>The one of that name; null if there is none.</summary>
    public FileDescriptor? Find(string name)
    {
        lock (_lock)
            return _byName.GetValueOrDefault(name);
    }

    /// <summary>Adds one, which this object owns from now on; one that had the name is closed.</summary>
    /// <param name="name">Letters, digits and dashes.</param>
    /// <param name="descriptor">The descriptor.</param>
    public void Set(string name, FileDescriptor descriptor)
    {
        if (!IsName(name))
            throw new ArgumentException($"\"{name}\" is no name of a descriptor", nameof(name));
        lock (_lock)
        {
            _byName.Remove(name, out var before);
            _byName[name] = descriptor;
            before?.Dispose();
        }
    }

    /// <summary>Closes the one of that name. False if there is none.</summary>
    public bool Remove(string name)
    {
        lock (_lock)
        {
            if (!_byName.Remove(name, out var descriptor))
                return false;
            descriptor.Dispose();
            return true;
        }
    }

    /// <summary>Understands words such as <c>connection=3</c>; null if one of them is none, or a name comes twice.</summary>
    public static IReadOnlyDictionary<string, int>? Parse(IEnumerable<string> words)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            if (word.Split('=') is not [var name, var text] || !IsName(name) || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || !numbers.TryAdd(name, number))
                return null;
        }
        return numbers;
    }

    /// <summary>From descriptors that this process has been started with.</summary>
    public static NamedDescriptors Inherit(IReadOnlyDictionary<string, int> numbers)
    {
        var inherited = new NamedDescriptors();
        foreach (var (name, number) in numbers)
            inherited.Set(name, new FileDescriptor(number));
        inherited.KeepOverExec(false);
        return inherited;
    }

    /// <summary>Copies of those of another process; null if it has just ended.</summary>
    public static NamedDescriptors? TryCopyFrom(PidFd process, IReadOnlyDictionary<string, int> numbers)
    {
        var copies = new NamedDescriptors();
        try
        {
            foreach (var (name, number) in numbers)
                copies.Set(name, process.GetDescriptor(number));
            return copies;
        }
        catch (LinuxException error)
        {
            copies.Dispose();
            if (error.Errno is Errno.ESRCH or Errno.EBADF)
                return null;
            throw;
        }
    }

    /// <summary>Whether a program that is executed next has them.</summary>
    public void KeepOverExec(bool keep)
    {
        foreach (var (_, descriptor) in All)
            ProcessImage.KeepOverExec(descriptor, keep);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var name in Names)
            Remove(name);
    }

    private static bool IsName(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
}

using System.Text;

namespace Insula.Engine.ProcFs;

/// <summary>
/// The directories and files below a container's directory, numbered. The numbers are part of the node numbers that the kernel keeps while a
/// daemon is replaced by a newer one, so they depend on nothing but the path.
/// </summary>
internal static class VirtualPaths
{
    /// <summary>An entry.</summary>
    /// <param name="Index">Its number, from 0, the container's directory itself.</param>
    /// <param name="Parent">The number of the directory it is in; its own for number 0.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="File">The file; null for a directory.</param>
    internal sealed record Entry(int Index, int Parent, byte[] Name, VirtualFile? File);

    private static readonly List<Entry> Table = Build();

    /// <summary>All entries by number.</summary>
    public static IReadOnlyList<Entry> All => Table;

    /// <summary>The entry with that number; null if there is none.</summary>
    public static Entry? Find(int index) => (uint)index < (uint)Table.Count ? Table[index] : null;

    /// <summary>The entry of that name in a directory; null if there is none.</summary>
    public static Entry? Find(int directory, ReadOnlySpan<byte> name)
    {
        foreach (var entry in Table)
        {
            if (entry.Parent == directory && entry.Index != directory && name.SequenceEqual(entry.Name))
                return entry;
        }
        return null;
    }

    private static List<Entry> Build()
    {
        var table = new List<Entry> { new(0, 0, [], null) };
        foreach (var file in VirtualFiles.All)
        {
            var parent = 0;
            var parts = file.Path.Split('/');
            for (var i = 0; i < parts.Length; i++)
            {
                var isFile = i == parts.Length - 1;
                var name = Encoding.UTF8.GetBytes(parts[i]);
                var known = table.Find(entry => entry.Index != 0 && entry.Parent == parent && name.AsSpan().SequenceEqual(entry.Name));
                if (known is null)
                    table.Add(known = new Entry(table.Count, parent, name, isFile ? file : null));
                parent = known.Index;
            }
        }
        return table;
    }
}

using System.Text;
using Insula.Engine.Containers;

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
    internal sealed record Entry(int Index, int Parent, byte[] Name, VirtualFile? File)
    {
        private static readonly byte[] Placeholder = Encoding.ASCII.GetBytes(VirtualFile.OwnNumber);

        /// <summary>Its name in a container's directory.</summary>
        public byte[] NameIn(Ctid ctid) => Name.AsSpan().SequenceEqual(Placeholder) ? Encoding.ASCII.GetBytes(ctid.ToString()) : Name;
    }

    private static readonly List<Entry> Table = Build();

    /// <summary>All entries by number.</summary>
    public static IReadOnlyList<Entry> All => Table;

    /// <summary>The entry with that number; null if there is none.</summary>
    public static Entry? Find(int index) => (uint)index < (uint)Table.Count ? Table[index] : null;

    /// <summary>The entry of that name in a directory of a container; null if there is none.</summary>
    public static Entry? Find(int directory, Ctid ctid, ReadOnlySpan<byte> name)
    {
        foreach (var entry in Table)
        {
            if (entry.Parent == directory && entry.Index != directory && entry.File is not { IsPresent: false } && name.SequenceEqual(entry.NameIn(ctid)))
                return entry;
        }
        return null;
    }

    /// <summary>The number of a directory or file by its path below the container's directory.</summary>
    public static int IndexOf(string path)
    {
        var at = 0;
        foreach (var part in path.Split('/'))
        {
            var name = Encoding.UTF8.GetBytes(part);
            at = Table.Find(entry => entry.Index != 0 && entry.Parent == at && name.AsSpan().SequenceEqual(entry.Name))?.Index
                ?? throw new ArgumentException($"There is no virtual {path}", nameof(path));
        }
        return at;
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

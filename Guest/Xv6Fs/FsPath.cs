using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>An entry of a directory that is in use.</summary>
/// <param name="Slot">Which of the directory's entries.</param>
/// <param name="Inode">What it names; may be out of range.</param>
/// <param name="Name">Its name.</param>
/// <param name="Offset">The byte of the image at which it begins.</param>
internal readonly record struct FsEntry(int Slot, uint Inode, FsName Name, int Offset);

/// <summary>Follows paths through directories, as the kernel does but for names too long, which it cuts.</summary>
internal static class FsPath
{
    /// <summary>For messages: what a terminal would not show is escaped.</summary>
    public static string Quote(string path)
    {
        string? text = null;
        foreach (string part in path.Split('/'))
        {
            string shown = part.Length == 0 || FsName.Create(part, out var name) is { } && name.IsEmpty ? "" : name.Text;
            text = text is null ? shown : $"{text}/{shown}";
        }

        return text!;
    }

    public static string Join(string directory, string name) =>
        directory.EndsWith('/') ? directory + name : $"{directory}/{name}";

    /// <summary>The names on a path.</summary>
    public static bool TrySplit(string path, out List<FsName> names, [NotNullWhen(false)] out FsError? error)
    {
        names = [];
        error = null;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (FsName.Create(part, out var name) is { } fault)
            {
                error = fault with { Message = $"{Quote(path)}: {fault.Message}" };
                return false;
            }

            names.Add(name);
        }

        return true;
    }

    public static bool TryFind(FsStore store, string path, out uint inode, [NotNullWhen(false)] out FsError? error)
    {
        inode = FsFormat.RootInode;
        return TrySplit(path, out var names, out error) && TryFollow(store, path, names, out inode, out error);
    }

    /// <summary>The inode at the end of these names.</summary>
    public static bool TryFollow(
        FsStore store, string path, IReadOnlyList<FsName> names, out uint inode, [NotNullWhen(false)] out FsError? error)
    {
        inode = FsFormat.RootInode;
        foreach (var name in names)
        {
            if (!store.ReadInode(inode).IsDirectory)
            {
                error = NotDirectory(path, name);
                return false;
            }

            if (Find(store, inode, name) is not { } entry)
            {
                error = NotFound(path, name);
                return false;
            }

            if (entry.Inode >= store.Geometry.Inodes)
            {
                error = new(
                    FsErrorKind.Damaged,
                    $"{Quote(path)}: the entry {name} names inode {entry.Inode}, which there is not");
                return false;
            }

            inode = entry.Inode;
        }

        error = null;
        return true;
    }

    public static FsError NotDirectory(string path, FsName name) =>
        new(FsErrorKind.NotDirectory, $"{Quote(path)}: what comes before {name} is not a directory; check the path");

    public static FsError NotFound(string path, FsName name) =>
        new(FsErrorKind.NotFound, $"{Quote(path)}: there is no {name} on the image; riscvxv6 fs ls shows what is there");

    /// <summary>A directory's entry of that name.</summary>
    public static FsEntry? Find(FsStore store, uint directory, FsName name)
    {
        // With the zero that ends it, where there is room for one; what an image has behind that means nothing.
        Span<byte> field = stackalloc byte[FsFormat.NameBytes];
        field.Clear();
        name.Bytes.CopyTo(field);
        field = field[..Math.Min(name.Bytes.Length + 1, FsFormat.NameBytes)];
        int slots = SlotCount(store.ReadInode(directory));
        for (int first = 0; first < slots; first += FsFormat.EntriesPerBlock)
        {
            if (OffsetOf(store, directory, first) is not { } start)
            {
                continue;
            }

            int count = Math.Min(slots - first, FsFormat.EntriesPerBlock);
            for (int slot = 0, offset = start; slot < count; slot++, offset += FsFormat.EntryBytes)
            {
                var entry = store.Bytes.AsSpan(offset, FsFormat.EntryBytes);
                if (InodeOf(entry) != 0 && entry[sizeof(ushort)..].StartsWith(field))
                {
                    return new FsEntry(first + slot, InodeOf(entry), name, offset);
                }
            }
        }

        return null;
    }

    /// <summary>The byte of the image at which a directory has room for an entry; null if it has none.</summary>
    public static int? FindRoom(FsStore store, uint directory)
    {
        int slots = SlotCount(store.ReadInode(directory));
        for (int first = 0; first < slots; first += FsFormat.EntriesPerBlock)
        {
            if (OffsetOf(store, directory, first) is not { } start)
            {
                continue;
            }

            int end = start + Math.Min(slots - first, FsFormat.EntriesPerBlock) * FsFormat.EntryBytes;
            for (int offset = start; offset < end; offset += FsFormat.EntryBytes)
            {
                if (InodeOf(store.Bytes.AsSpan(offset)) == 0)
                {
                    return offset;
                }
            }
        }

        return null;
    }

    /// <summary>A directory's entries in use, without those in blocks that can't be found.</summary>
    public static IEnumerable<FsEntry> Entries(FsStore store, uint directory)
    {
        int slots = SlotCount(store.ReadInode(directory));
        for (int slot = 0; slot < slots; slot++)
        {
            if (OffsetOf(store, directory, slot) is not { } offset)
            {
                slot += FsFormat.EntriesPerBlock - 1;
                continue;
            }

            var bytes = store.Bytes.AsSpan(offset, FsFormat.EntryBytes);
            uint inode = InodeOf(bytes);
            if (inode != 0)
            {
                yield return new FsEntry(slot, inode, FsName.Read(bytes[sizeof(ushort)..]), offset);
            }
        }
    }

    private static uint InodeOf(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt16LittleEndian(entry);

    /// <summary>How many entries a directory has, used or not.</summary>
    public static int SlotCount(FsInode directory) =>
        (int)Math.Min(directory.SizeBytes, FsFormat.MaxFileBytes) / FsFormat.EntryBytes;

    /// <summary>The byte of the image at which an entry begins; null if its block can't be found.</summary>
    public static int? OffsetOf(FsStore store, uint directory, int slot) =>
        store.Lookup(directory, slot / FsFormat.EntriesPerBlock, out uint block) == BlockLookup.Found
            ? (int)block * FsFormat.BlockBytes + slot % FsFormat.EntriesPerBlock * FsFormat.EntryBytes
            : null;
}

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>
/// Walks a tree that may be none: each directory is entered once, and no more entries are shown than the image has room for.
/// </summary>
internal sealed class FsTreeWalk(FsStore store)
{
    /// <summary>Deeper directories are not entered: paths would grow without end, and no host takes them.</summary>
    private const int DeepestLevel = 250;

    private readonly HashSet<uint> _entered = [];

    public IEnumerable<FsListing> From(string path, uint start)
    {
        long room = (long)store.Geometry.Size * FsFormat.EntriesPerBlock;
        var levels = new Stack<(string Path, IEnumerator<FsEntry> Entries)>();
        var first = Show(path, default, 0, start);
        yield return first;
        if (CanEnter(first))
        {
            levels.Push((path, FsPath.Entries(store, start).GetEnumerator()));
        }

        while (levels.TryPeek(out var level) && room-- > 0)
        {
            if (!level.Entries.MoveNext())
            {
                levels.Pop();
                continue;
            }

            var entry = level.Entries.Current;
            if (entry.Slot < 2 && (entry.Name.IsDot || entry.Name.IsDotDot))
            {
                continue;
            }

            var listing = Show(FsPath.Join(level.Path, entry.Name.Text), entry.Name, levels.Count, entry.Inode);
            yield return listing;
            if (CanEnter(listing))
            {
                levels.Push((listing.Path, FsPath.Entries(store, listing.Number).GetEnumerator()));
            }
        }
    }

    private static bool CanEnter(FsListing listing) =>
        listing.Inode.IsDirectory && listing.Damage is null or PartlyUnreadable;

    private const string PartlyUnreadable = "some of its blocks can't be found";

    private FsListing Show(string path, FsName name, int depth, uint number)
    {
        if (number >= store.Geometry.Inodes)
        {
            return new(path, name, depth, number, default, $"there is no inode {number}");
        }

        var inode = store.ReadInode(number);
        return new(path, name, depth, number, inode, Damage(number, inode, depth));
    }

    private string? Damage(uint number, FsInode inode, int depth) => inode.Type switch
    {
        FsInodeType.Free => $"inode {number} is free",
        FsInodeType.File or FsInodeType.Device => null,
        FsInodeType.Directory when !_entered.Add(number) => "the directory is named twice",
        FsInodeType.Directory when depth > DeepestLevel => $"there are more than {DeepestLevel} directories in each other",
        FsInodeType.Directory when !IsReadable(number, inode) => PartlyUnreadable,
        FsInodeType.Directory => null,
        _ => $"inode {number} has the unknown type {(short)inode.Type}",
    };

    private bool IsReadable(uint number, FsInode inode)
    {
        uint blocks = FsFormat.BlocksFor(inode.SizeBytes, FsFormat.BlockBytes);
        for (int index = 0; index < blocks; index++)
        {
            if (index >= FsFormat.MaxFileBlocks || store.Lookup(number, index, out _) != BlockLookup.Found)
            {
                return false;
            }
        }

        return true;
    }
}

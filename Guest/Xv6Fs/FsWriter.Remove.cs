using System.Diagnostics.CodeAnalysis;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>Taking things away.</summary>
public sealed partial class FsWriter
{
    /// <summary>Removes a name, and what it names with its last one.</summary>
    /// <param name="path">What to remove; not the root.</param>
    /// <param name="recursive">Also a directory that is not empty, with all that is in it.</param>
    /// <param name="error">Why nothing was removed.</param>
    public bool TryRemove(string path, bool recursive, [NotNullWhen(false)] out FsError? error)
    {
        if (!TryParent(path, out uint parent, out var name, out error))
        {
            return false;
        }

        if (FsPath.Find(_store, parent, name) is not { } entry)
        {
            error = FsPath.NotFound(path, name);
            return false;
        }

        if (_store.ReadInode(entry.Inode).IsDirectory && !recursive && Contents(entry.Inode).Any())
        {
            error = new(
                FsErrorKind.NotEmpty,
                $"{FsPath.Quote(path)}: is a directory with something in it; empty it first, or use --recursive");
            return false;
        }

        // A directory comes after its parent here, so that the other way round each is empty when it goes.
        var order = new List<(uint Parent, FsEntry Entry)> { (parent, entry) };
        for (int index = 0; index < order.Count; index++)
        {
            uint inode = order[index].Entry.Inode;
            if (_store.ReadInode(inode).IsDirectory)
            {
                order.AddRange(Contents(inode).Select(content => (inode, content)));
            }
        }

        for (int index = order.Count - 1; index >= 0; index--)
        {
            RemoveEntry(order[index].Parent, order[index].Entry);
        }

        return true;
    }

    private IEnumerable<FsEntry> Contents(uint directory) =>
        FsPath.Entries(_store, directory).Where(static entry => !entry.Name.IsDot && !entry.Name.IsDotDot);

    private void RemoveEntry(uint parent, FsEntry entry)
    {
        _store.Bytes.AsSpan(entry.Offset, FsFormat.EntryBytes).Clear();
        var fields = _store.ReadInode(entry.Inode);
        if (fields.IsDirectory)
        {
            ChangeLinks(parent, -1);
        }

        if (fields.IsDirectory || fields.Links == 1)
        {
            Free(entry.Inode);
        }
        else
        {
            ChangeLinks(entry.Inode, -1);
        }
    }

    private void Free(uint inode)
    {
        for (int index = 0; index < FsFormat.MaxFileBlocks; index++)
        {
            if (_store.Lookup(inode, index, out uint block) == BlockLookup.Found)
            {
                FreeBlock(block);
            }
        }

        uint indirect = FsStore.ReadNumber(_store.BlockField(inode, FsFormat.DirectBlocks));
        if (indirect != 0)
        {
            FreeBlock(indirect);
        }

        _store.InodeBytes(inode).Clear();
        _firstFreeInode = Math.Min(_firstFreeInode, inode);
    }

    private void FreeBlock(uint block)
    {
        _store.Mark(block, used: false);
        _firstFreeBlock = Math.Min(_firstFreeBlock, block);
        FreeBlocks++;
    }
}

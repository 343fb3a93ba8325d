using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>
/// Changes an image that is known to be consistent, and leaves it so. What fails changes nothing. Inodes and blocks are taken
/// in order of their numbers, so that the same steps make the same bytes.
/// </summary>
public sealed partial class FsWriter
{
    private readonly FsStore _store;
    private uint _firstFreeBlock;
    private uint _firstFreeInode = FsFormat.RootInode + 1;

    private FsWriter(FsStore store)
    {
        _store = store;
        _firstFreeBlock = store.Geometry.DataStart;
        for (uint block = store.Geometry.DataStart; block < store.Geometry.Size; block++)
        {
            FreeBlocks += store.IsMarked(block) ? 0 : 1;
        }
    }

    public FsGeometry Geometry => _store.Geometry;

    /// <summary>Data blocks that nothing uses.</summary>
    public int FreeBlocks { get; private set; }

    /// <summary>The image as it is now; later steps change it.</summary>
    public ReadOnlyMemory<byte> Image => _store.Bytes;

    /// <summary>An empty image, with its root directory.</summary>
    public static FsWriter Format(FsShape shape)
    {
        var store = FsStore.Create(shape.Geometry);
        for (uint block = 0; block < shape.Geometry.DataStart; block++)
        {
            store.Mark(block, used: true);
        }

        var writer = new FsWriter(store);
        writer.MakeDirectory(FsFormat.RootInode, FsFormat.RootInode);
        return writer;
    }

    /// <summary>An image as it is after the next boot: what the log holds is copied to its place first.</summary>
    /// <param name="bytes">Any bytes; not changed.</param>
    /// <param name="writer">A writer on a copy of them.</param>
    /// <param name="error">Why there is none: no file system, or one that the checker finds inconsistent.</param>
    public static bool TryOpen(
        byte[] bytes, [NotNullWhen(true)] out FsWriter? writer, [NotNullWhen(false)] out FsError? error)
    {
        writer = null;
        if (!FsImage.TryOpenStore(bytes, out var store, out _, out error))
        {
            return false;
        }

        var report = FsChecker.Check(bytes);
        if (!report.IsConsistent)
        {
            string first = report.Findings.First(static finding => finding.Severity == FsSeverity.Error).Message;
            error = new(
                FsErrorKind.Damaged,
                $"is inconsistent ({first}) and would be made worse; riscvxv6 fs check lists what is wrong");
            return false;
        }

        writer = new FsWriter(ReferenceEquals(store.Bytes, bytes) ? store.Clone() : store);
        return true;
    }

    /// <summary>What a path leads to; null if there is nothing.</summary>
    public FsInode? Find(string path) => FsPath.TryFind(_store, path, out uint inode, out _) ? _store.ReadInode(inode) : null;

    /// <summary>Makes a file.</summary>
    /// <param name="path">Its directory is there, and the name is not.</param>
    /// <param name="content">All of it.</param>
    /// <param name="error">Why there is none.</param>
    public bool TryAddFile(string path, ReadOnlySpan<byte> content, [NotNullWhen(false)] out FsError? error)
    {
        if (content.Length > FsFormat.MaxFileBytes)
        {
            error = new(
                FsErrorKind.FileTooLarge,
                $"{FsPath.Quote(path)}: {content.Length} bytes are more than a file can have ({FsFormat.MaxFileBytes}); "
                + "make it smaller, or leave it out");
            return false;
        }

        int blocks = (int)FsFormat.BlocksFor((ulong)content.Length, FsFormat.BlockBytes);
        if (!TryPlace(path, blocks + (blocks > FsFormat.DirectBlocks ? 1 : 0), out uint parent, out var name, out error)
            || !TryTakeInode(path, out uint inode, out error))
        {
            return false;
        }

        _store.InodeBytes(inode).Clear();
        new FsInode(FsInodeType.File, 0, 0, 1, (uint)content.Length).Write(_store.InodeBytes(inode));
        AddEntry(parent, name, inode);
        for (int index = 0; index < blocks; index++)
        {
            var rest = content[(index * FsFormat.BlockBytes)..];
            rest[..Math.Min(rest.Length, FsFormat.BlockBytes)].CopyTo(_store.Block(Append(inode, index)));
        }

        return true;
    }

    /// <summary>Makes an empty directory.</summary>
    /// <param name="path">Its parent is there, and the name is not.</param>
    /// <param name="error">Why there is none.</param>
    public bool TryMakeDirectory(string path, [NotNullWhen(false)] out FsError? error)
    {
        if (!TryPlace(path, 1, out uint parent, out var name, out error))
        {
            return false;
        }

        var fields = _store.ReadInode(parent);
        if (fields.Links >= FsFormat.MaxLinks)
        {
            error = new(
                FsErrorKind.DirectoryFull,
                $"{FsPath.Quote(path)}: its parent has {fields.Links} links, and more can't be counted; "
                + "use another directory");
            return false;
        }

        if (!TryTakeInode(path, out uint inode, out error))
        {
            return false;
        }

        AddEntry(parent, name, inode);
        ChangeLinks(parent, 1);
        MakeDirectory(inode, parent);
        return true;
    }

    private void MakeDirectory(uint inode, uint parent)
    {
        _store.InodeBytes(inode).Clear();
        new FsInode(FsInodeType.Directory, 0, 0, 1, 0).Write(_store.InodeBytes(inode));
        _ = FsName.Create(".", out var dot);
        _ = FsName.Create("..", out var dotDot);
        AddEntry(inode, dot, inode);
        AddEntry(inode, dotDot, parent);
    }

    /// <summary>Checks everything that a new entry needs, but for the inode.</summary>
    /// <param name="path">Of the new entry.</param>
    /// <param name="blocks">How many blocks it needs for itself.</param>
    /// <param name="parent">The directory that it will be in.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="error">What is in the way.</param>
    private bool TryPlace(string path, int blocks, out uint parent, out FsName name, [NotNullWhen(false)] out FsError? error)
    {
        if (!TryParent(path, out parent, out name, out error))
        {
            return false;
        }

        if (FsPath.Find(_store, parent, name) is not null)
        {
            error = new(
                FsErrorKind.Exists,
                $"{FsPath.Quote(path)}: is on the image already; remove it first, or choose another name");
            return false;
        }

        var fields = _store.ReadInode(parent);
        if (FsPath.FindRoom(_store, parent) is null)
        {
            uint end = FsFormat.BlocksFor(fields.SizeBytes, FsFormat.BlockBytes);
            if (fields.SizeBytes == FsFormat.MaxFileBytes)
            {
                error = new(
                    FsErrorKind.DirectoryFull,
                    $"{FsPath.Quote(path)}: its directory has {FsPath.SlotCount(fields)} entries, and that is the most; "
                    + "use another");
                return false;
            }

            if (fields.SizeBytes % FsFormat.BlockBytes == 0)
            {
                blocks += end == FsFormat.DirectBlocks ? 2 : 1;
            }
        }

        if (blocks > FreeBlocks)
        {
            error = new(
                FsErrorKind.DiskFull,
                $"{FsPath.Quote(path)}: needs {blocks} blocks, and {FreeBlocks} of {Geometry.Size} are free");
            return false;
        }

        return true;
    }

    /// <summary>The directory that a path's last name is in.</summary>
    private bool TryParent(string path, out uint parent, out FsName name, [NotNullWhen(false)] out FsError? error)
    {
        parent = FsFormat.RootInode;
        name = default;
        if (!FsPath.TrySplit(path, out var names, out error))
        {
            return false;
        }

        if (names.Count == 0 || names[^1].IsDot || names[^1].IsDotDot)
        {
            error = new(FsErrorKind.BadName, $"{FsPath.Quote(path)}: name something in a directory");
            return false;
        }

        name = names[^1];
        names.RemoveAt(names.Count - 1);
        if (!FsPath.TryFollow(_store, path, names, out parent, out error))
        {
            return false;
        }

        if (!_store.ReadInode(parent).IsDirectory)
        {
            error = FsPath.NotDirectory(path, name);
            return false;
        }

        return true;
    }

    private bool TryTakeInode(string path, out uint inode, [NotNullWhen(false)] out FsError? error)
    {
        uint most = Math.Min(Geometry.Inodes, FsFormat.MaxInodes);
        for (inode = _firstFreeInode; inode < most; inode++)
        {
            if (_store.ReadInode(inode).Type == FsInodeType.Free)
            {
                _firstFreeInode = inode + 1;
                error = null;
                return true;
            }
        }

        error = new(FsErrorKind.NoInodes, $"{FsPath.Quote(path)}: all {most - 1} inodes are taken");
        return false;
    }

    private void AddEntry(uint directory, FsName name, uint inode)
    {
        var entry = _store.Bytes.AsSpan(FsPath.FindRoom(_store, directory) ?? Extend(directory), FsFormat.EntryBytes);
        entry.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)inode);
        name.Bytes.CopyTo(entry[sizeof(ushort)..]);
    }

    /// <summary>Lengthens a directory to whole blocks, as mkfs does the root.</summary>
    /// <returns>The first byte that is new.</returns>
    private int Extend(uint directory)
    {
        var fields = _store.ReadInode(directory);
        int index = (int)fields.SizeBytes / FsFormat.BlockBytes;
        int used = (int)fields.SizeBytes % FsFormat.BlockBytes;
        uint block;
        if (used == 0)
        {
            block = Append(directory, index);
        }
        else
        {
            _ = _store.Lookup(directory, index, out block);
            _store.Block(block)[used..].Clear();
        }

        (fields with { SizeBytes = (uint)((index + 1) * FsFormat.BlockBytes) }).Write(_store.InodeBytes(directory));
        return (int)block * FsFormat.BlockBytes + used;
    }

    /// <summary>Gives a file its next block, of zeros. There is one: it was counted before.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="index">Which of its blocks.</param>
    private uint Append(uint inode, int index)
    {
        if (_store.Lookup(inode, index, out uint block) == BlockLookup.Found)
        {
            // Left behind its end by a write that failed.
            _store.Block(block).Clear();
            return block;
        }

        Span<byte> field;
        if (index < FsFormat.DirectBlocks)
        {
            field = _store.BlockField(inode, index);
        }
        else
        {
            var indirectField = _store.BlockField(inode, FsFormat.DirectBlocks);
            uint indirect = FsStore.ReadNumber(indirectField);
            if (indirect == 0)
            {
                indirect = TakeBlock();
                BinaryPrimitives.WriteUInt32LittleEndian(indirectField, indirect);
            }

            field = _store.Block(indirect)[((index - FsFormat.DirectBlocks) * sizeof(uint))..];
        }

        block = TakeBlock();
        BinaryPrimitives.WriteUInt32LittleEndian(field, block);
        return block;
    }

    private uint TakeBlock()
    {
        uint block = _firstFreeBlock;
        while (_store.IsMarked(block))
        {
            block++;
        }

        _store.Mark(block, used: true);
        _store.Block(block).Clear();
        _firstFreeBlock = block + 1;
        FreeBlocks--;
        return block;
    }

    private void ChangeLinks(uint inode, int by)
    {
        var fields = _store.ReadInode(inode);
        (fields with { Links = (short)(fields.Links + by) }).Write(_store.InodeBytes(inode));
    }
}

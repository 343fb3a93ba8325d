using System.Diagnostics.CodeAnalysis;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>
/// An image to read, of any bytes. It is seen as after the next boot: a transaction that the log holds is in its place. Where
/// the image contradicts itself, what is asked for is refused or marked as damaged; nothing throws, and nothing loops.
/// </summary>
public sealed class FsImage
{
    private readonly FsStore _store;

    private FsImage(FsStore store, FsLogState log)
    {
        _store = store;
        Log = log;
    }

    public FsGeometry Geometry => _store.Geometry;

    /// <summary>What the log held.</summary>
    public FsLogState Log { get; }

    /// <summary>Checks the superblock.</summary>
    /// <param name="bytes">Any bytes; kept, and never changed.</param>
    /// <param name="image">The image.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryOpen(
        byte[] bytes, [NotNullWhen(true)] out FsImage? image, [NotNullWhen(false)] out FsError? error)
    {
        if (!TryOpenStore(bytes, out var store, out var log, out error))
        {
            image = null;
            return false;
        }

        image = new FsImage(store, log);
        return true;
    }

    /// <summary>The inode that a path leads to; paths begin at the root, with or without a slash.</summary>
    public bool TryFind(string path, out uint inode, [NotNullWhen(false)] out FsError? error) =>
        FsPath.TryFind(_store, path, out inode, out error);

    /// <param name="inode">As <see cref="TryFind"/> gave it.</param>
    public FsInode Inode(uint inode) => _store.ReadInode(inode);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Named in complaints.</param>
    /// <param name="inode">Its inode.</param>
    /// <param name="content">All of it.</param>
    /// <param name="error">Why it can't be read.</param>
    public bool TryRead(
        string path, uint inode, [NotNullWhen(true)] out byte[]? content, [NotNullWhen(false)] out FsError? error)
    {
        content = null;
        var fields = _store.ReadInode(inode);
        error = fields.Type switch
        {
            FsInodeType.Directory => new(FsErrorKind.NotFile, $"{FsPath.Quote(path)}: is a directory; name a file"),
            FsInodeType.Device => new(FsErrorKind.NotFile, $"{FsPath.Quote(path)}: is a device, which has no contents"),
            FsInodeType.File => null,
            _ => new(FsErrorKind.Damaged, $"{FsPath.Quote(path)}: inode {inode} is not in use or of no known type"),
        };
        if (error is not null)
        {
            return false;
        }

        if (fields.SizeBytes > FsFormat.MaxFileBytes)
        {
            error = new(
                FsErrorKind.Damaged,
                $"{FsPath.Quote(path)}: has a size of {fields.SizeBytes} bytes, more than a file can have");
            return false;
        }

        var bytes = new byte[fields.SizeBytes];
        for (int index = 0, at = 0; at < bytes.Length; index++, at += FsFormat.BlockBytes)
        {
            if (_store.Lookup(inode, index, out uint block) != BlockLookup.Found)
            {
                error = new(FsErrorKind.Damaged, $"{FsPath.Quote(path)}: block {index} of the file can't be found");
                return false;
            }

            var rest = bytes.AsSpan(at);
            _store.Block(block)[..Math.Min(rest.Length, FsFormat.BlockBytes)].CopyTo(rest);
        }

        content = bytes;
        return true;
    }

    /// <summary>Walks the tree from a path on: first what is there, then, if it is a directory, what is in it.</summary>
    /// <param name="path">Put before each name.</param>
    /// <param name="inode">What it leads to.</param>
    public IEnumerable<FsListing> List(string path, uint inode) => new FsTreeWalk(_store).From(path, inode);

    /// <summary>For readers and writers: opens an image as after the next boot.</summary>
    /// <param name="bytes">Any bytes; never changed.</param>
    /// <param name="store">The image, which shares the bytes if there is nothing to recover.</param>
    /// <param name="log">What the log held.</param>
    /// <param name="error">Why there is none.</param>
    internal static bool TryOpenStore(
        byte[] bytes, [NotNullWhen(true)] out FsStore? store, out FsLogState log, [NotNullWhen(false)] out FsError? error)
    {
        log = FsLogState.Empty;
        var findings = new List<FsFinding>();
        if (!FsStore.TryOpen(bytes, findings, out store))
        {
            error = new FsError(FsErrorKind.NotFileSystem, $"is not an xv6 file system: {findings[0].Message}");
            return false;
        }

        error = null;
        log = FsLog.Read(store, findings, out uint[] targets);
        if (log == FsLogState.Committed)
        {
            store = store.Clone();
            FsLog.Recover(store, targets);
        }

        return true;
    }
}

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>
/// Sizes and limits of xv6's file system (<c>xv6-guest-image/kernel/fs.h</c>). Numbers on the disk are little-endian.
/// </summary>
public static class FsFormat
{
    public const int BlockBytes = 1024;

    /// <summary>The superblock's number; block 0 is not used.</summary>
    public const uint SuperblockNumber = 1;

    public const uint Magic = 0x1020_3040;

    /// <summary>Inode 0 stands for none.</summary>
    public const uint RootInode = 1;

    public const int InodeBytes = 64;
    public const int InodesPerBlock = BlockBytes / InodeBytes;

    public const int DirectBlocks = 12;
    public const int IndirectBlocks = BlockBytes / sizeof(uint);
    public const int MaxFileBlocks = DirectBlocks + IndirectBlocks;
    public const int MaxFileBytes = MaxFileBlocks * BlockBytes;

    /// <summary>A directory entry: 16 bits of inode number, then the name.</summary>
    public const int EntryBytes = 16;
    public const int NameBytes = 14;
    public const int EntriesPerBlock = BlockBytes / EntryBytes;

    /// <summary>Inode numbers above can't be named by an entry.</summary>
    public const uint MaxInodes = 65536;

    /// <summary>Bits of the free map in one block.</summary>
    public const int MapBitsPerBlock = BlockBytes * 8;

    /// <summary>The log's header holds a count and block numbers.</summary>
    public const int MaxLogEntries = BlockBytes / sizeof(uint) - 1;

    /// <summary>What fits in an array; the format itself has 32 bits of block numbers.</summary>
    public const uint MaxBlocks = int.MaxValue / BlockBytes;

    /// <summary>Links are counted in 16 bits with a sign.</summary>
    public const int MaxLinks = short.MaxValue;

    /// <summary>How many blocks hold so many units.</summary>
    internal static uint BlocksFor(ulong units, uint unitsPerBlock) => (uint)((units + unitsPerBlock - 1) / unitsPerBlock);
}

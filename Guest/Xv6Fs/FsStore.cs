using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>How a file's block is found.</summary>
internal enum BlockLookup
{
    Found,

    /// <summary>The file has no block there.</summary>
    Missing,

    /// <summary>A block number on the way is not that of a data block.</summary>
    OutOfRange,
}

/// <summary>The bytes of an image, and where its parts are. Every address is bounded by the geometry, which was checked.</summary>
internal sealed class FsStore
{
    private FsStore(byte[] bytes, FsGeometry geometry)
    {
        Bytes = bytes;
        Geometry = geometry;
    }

    public byte[] Bytes { get; }

    public FsGeometry Geometry { get; }

    /// <summary>The one way to a store: checks the superblock.</summary>
    /// <param name="bytes">Any bytes; kept.</param>
    /// <param name="findings">Gets what is wrong with the superblock, also where the image is usable.</param>
    /// <param name="store">The image.</param>
    public static bool TryOpen(byte[] bytes, ICollection<FsFinding> findings, [NotNullWhen(true)] out FsStore? store)
    {
        store = FsGeometry.Read(bytes, findings) is { } geometry ? new FsStore(bytes, geometry) : null;
        return store is not null;
    }

    /// <summary>An image of zeros, but for its superblock.</summary>
    public static FsStore Create(FsGeometry geometry)
    {
        var store = new FsStore(new byte[(long)geometry.Size * FsFormat.BlockBytes], geometry);
        geometry.Superblock.Write(store.Block(FsFormat.SuperblockNumber));
        return store;
    }

    public FsStore Clone() => new((byte[])Bytes.Clone(), Geometry);

    /// <param name="block">Below <see cref="FsGeometry.Size"/>.</param>
    public Span<byte> Block(uint block) => Bytes.AsSpan((int)block * FsFormat.BlockBytes, FsFormat.BlockBytes);

    /// <param name="inode">Below <see cref="FsGeometry.Inodes"/>.</param>
    public Span<byte> InodeBytes(uint inode) => Bytes.AsSpan((int)Geometry.InodeOffset(inode), FsFormat.InodeBytes);

    public FsInode ReadInode(uint inode) => FsInode.Read(InodeBytes(inode));

    public bool IsMarked(uint block) => (Bytes[Geometry.MapOffset(block)] >> (int)(block % 8) & 1) != 0;

    public void Mark(uint block, bool used)
    {
        ref byte bits = ref Bytes[Geometry.MapOffset(block)];
        int bit = 1 << (int)(block % 8);
        bits = (byte)(used ? bits | bit : bits & ~bit);
    }

    /// <summary>The field that has a file's direct block number, or its indirect block's (index 12).</summary>
    public Span<byte> BlockField(uint inode, int index) => InodeBytes(inode)[(FsInode.BlocksOffset + index * sizeof(uint))..];

    /// <summary>The number of a file's block.</summary>
    /// <param name="inode">Below <see cref="FsGeometry.Inodes"/>.</param>
    /// <param name="index">Which block of the file, below <see cref="FsFormat.MaxFileBlocks"/>.</param>
    /// <param name="block">Its number; a data block's if found.</param>
    public BlockLookup Lookup(uint inode, int index, out uint block)
    {
        if (index < FsFormat.DirectBlocks)
        {
            return Judge(block = ReadNumber(BlockField(inode, index)));
        }

        var found = Judge(block = ReadNumber(BlockField(inode, FsFormat.DirectBlocks)));
        return found == BlockLookup.Found
            ? Judge(block = ReadNumber(Block(block)[((index - FsFormat.DirectBlocks) * sizeof(uint))..]))
            : found;
    }

    public static uint ReadNumber(ReadOnlySpan<byte> field) => BinaryPrimitives.ReadUInt32LittleEndian(field);

    private BlockLookup Judge(uint block) =>
        block == 0 ? BlockLookup.Missing : Geometry.IsData(block) ? BlockLookup.Found : BlockLookup.OutOfRange;
}

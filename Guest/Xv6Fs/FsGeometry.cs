namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>
/// Where the parts of an image are. Made only of a superblock that was checked: the parts lie in the image, in the format's
/// order, and do not overlap.
/// </summary>
public sealed class FsGeometry
{
    internal FsGeometry(FsSuperblock superblock, uint dataStart)
    {
        Superblock = superblock;
        DataStart = dataStart;
    }

    public FsSuperblock Superblock { get; }

    /// <summary>Blocks of the whole image.</summary>
    public uint Size => Superblock.Size;

    /// <summary>Inode numbers are below.</summary>
    public uint Inodes => Superblock.Inodes;

    /// <summary>The first block that a file may use.</summary>
    public uint DataStart { get; }

    /// <summary>How many blocks a transaction may have in this log.</summary>
    public uint LogCapacity => Math.Min(Superblock.LogBlocks - 1, FsFormat.MaxLogEntries);

    /// <summary>True for a block that may belong to a file.</summary>
    public bool IsData(uint block) => block >= DataStart && block < Size;

    /// <summary>The byte of the image at which an inode begins.</summary>
    internal long InodeOffset(uint inode) =>
        (long)Superblock.InodeStart * FsFormat.BlockBytes + (long)inode * FsFormat.InodeBytes;

    /// <summary>The byte of the image that has a block's bit in the free map.</summary>
    internal long MapOffset(uint block) => (long)Superblock.MapStart * FsFormat.BlockBytes + block / 8;

    /// <summary>Finds and checks the superblock of an image.</summary>
    /// <param name="image">Any bytes.</param>
    /// <param name="findings">Gets what is wrong with it.</param>
    /// <returns>Null if nothing can be found by this superblock.</returns>
    internal static FsGeometry? Read(ReadOnlySpan<byte> image, ICollection<FsFinding> findings)
    {
        const int offset = (int)FsFormat.SuperblockNumber * FsFormat.BlockBytes;
        if (image.Length < offset + FsSuperblock.Bytes)
        {
            Report(FsFindingKind.ImageCutOff, $"the image has {image.Length} bytes and ends before its superblock", 0);
            return null;
        }

        var super = FsSuperblock.Read(image[offset..]);
        if (super.Magic != FsFormat.Magic)
        {
            Report(
                FsFindingKind.SuperblockMagic,
                $"the superblock begins with 0x{super.Magic:x8}, not with 0x{FsFormat.Magic:x8}",
                0);
            return null;
        }

        int whole = image.Length / FsFormat.BlockBytes;
        if (super.Size > whole)
        {
            Report(FsFindingKind.ImageCutOff, $"the superblock says {super.Size} blocks, but the image has {whole}", 1);
            return null;
        }

        if (!HasOrder(super, out uint dataStart))
        {
            return null;
        }

        if (super.Inodes > FsFormat.MaxInodes)
        {
            Report(
                FsFindingKind.SuperblockInodes,
                $"there are {super.Inodes} inodes, but a directory entry can name only those below {FsFormat.MaxInodes}",
                3);
        }

        // mkfs reserves one block of the map more than it needs if the size is a multiple of what a block of it covers.
        uint spare = super.Size % FsFormat.MapBitsPerBlock == 0 ? 1u : 0;
        if (super.DataBlocks == super.Size - dataStart - spare)
        {
            dataStart += spare;
        }
        else if (super.DataBlocks != super.Size - dataStart)
        {
            Report(
                FsFindingKind.SuperblockDataBlocks,
                $"the superblock says {super.DataBlocks} data blocks, but there are {super.Size - dataStart}",
                2);
        }

        return new FsGeometry(super, dataStart);

        bool HasOrder(FsSuperblock super, out uint dataStart)
        {
            ulong logEnd = (ulong)super.LogStart + super.LogBlocks;
            ulong inodeEnd = super.InodeStart + (ulong)FsFormat.BlocksFor(super.Inodes, FsFormat.InodesPerBlock);
            ulong mapEnd = super.MapStart + (ulong)FsFormat.BlocksFor(super.Size, FsFormat.MapBitsPerBlock);
            dataStart = (uint)mapEnd;
            if (super.LogStart <= FsFormat.SuperblockNumber)
            {
                return Refuse($"the log begins at block {super.LogStart}, which is not behind the superblock", 5);
            }

            if (super.LogBlocks < 2)
            {
                return Refuse($"the log has {super.LogBlocks} blocks and can hold nothing", 4);
            }

            if (super.Inodes <= FsFormat.RootInode)
            {
                return Refuse($"there are {super.Inodes} inodes and none for the root directory", 3);
            }

            if (super.InodeStart < logEnd)
            {
                return Refuse($"the inodes begin at block {super.InodeStart}, but the log ends before block {logEnd}", 6);
            }

            if (super.MapStart < inodeEnd)
            {
                return Refuse($"the free map begins at block {super.MapStart}, but the inodes end before block {inodeEnd}", 7);
            }

            return mapEnd <= super.Size
                || Refuse($"the free map ends before block {mapEnd}, but the image has {super.Size} blocks", 7);
        }

        bool Refuse(string message, int field)
        {
            Report(FsFindingKind.SuperblockLayout, message, field);
            return false;
        }

        void Report(FsFindingKind kind, string message, int field) => findings.Add(new FsFinding(kind, message)
        {
            Block = FsFormat.SuperblockNumber,
            ByteOffset = offset + field * sizeof(uint),
        });
    }
}

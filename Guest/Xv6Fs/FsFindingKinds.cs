using System.Collections.Immutable;
using static RiscvXv6.Guest.Xv6Fs.FsFindingKind;
using static RiscvXv6.Guest.Xv6Fs.FsSeverity;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>The table of findings, in the order of <see cref="FsFindingKind"/>: programs and the documentation read it.</summary>
public static class FsFindingKinds
{
    public static ImmutableArray<FsFindingRow> Rows { get; } =
    [
        new(
            ImageCutOff, "image-cut-off", Error,
            "The image has fewer blocks than its superblock says, or none for a superblock."),
        new(SuperblockMagic, "superblock-magic", Error, "Block 1 is no superblock. Nothing else is looked at."),
        new(
            SuperblockLayout, "superblock-layout", Error,
            "The parts overlap or are out of order. Nothing else is looked at."),
        new(
            SuperblockInodes, "superblock-inodes", Error,
            "There are more inodes than a directory entry's 16 bits can name."),
        new(
            SuperblockDataBlocks, "superblock-data-blocks", Error,
            "The number of data blocks is not what the other fields leave."),
        new(LogCount, "log-count", Error, "The log's header counts more blocks than the log has."),
        new(
            LogBlockRange, "log-block-range", Error,
            "The log holds a block for a place that is no inode's, map's or file's."),
        new(LogDuplicate, "log-duplicate", Error, "The log holds two blocks for one place."),
        new(
            NeedsRecovery, "needs-recovery", State,
            "The log holds a committed transaction, which the next boot copies to its place."),
        new(InodeZero, "inode-zero", Error, "Inode 0, which stands for none, is in use."),
        new(InodeType, "inode-type", Error, "An inode's type is not free, directory, file or device."),
        new(InodeSize, "inode-size", Error, "A size is more than a file can have (268 blocks)."),
        new(BlockRange, "block-range", Error, "A file's block number is not that of a data block."),
        new(BlockShared, "block-shared", Error, "A block is used twice."),
        new(BlockMissing, "block-missing", Error, "A file's size covers blocks that it does not have."),
        new(
            BlockBeyondSize, "block-beyond-size", Warning,
            "A file has a block behind its end: a write that failed half-way leaves one. It is freed with the file."),
        new(Root, "root", Error, "Inode 1 is not a directory, so there is no tree to walk."),
        new(DirectorySize, "directory-size", Error, "A directory's size is not a whole number of entries of 16 bytes."),
        new(Dot, "dot", Error, "A directory's first entry is not `.` with its own inode."),
        new(DotDot, "dot-dot", Error, "A directory's second entry is not `..` with its parent's inode."),
        new(NameEmpty, "name-empty", Error, "An entry in use has no name."),
        new(NameSlash, "name-slash", Error, "A name has a `/`, so that no path leads there."),
        new(NameDuplicate, "name-duplicate", Error, "A directory has a name twice."),
        new(EntryRange, "entry-range", Error, "An entry's inode number is none of this image's."),
        new(EntryFreeInode, "entry-free-inode", Error, "An entry names an inode that is free."),
        new(
            DirectoryTwoParents, "directory-two-parents", Error,
            "A directory is named by an entry besides its parent's."),
        new(DirectoryCycle, "directory-cycle", Error, "A directory is below itself."),
        new(
            DirectoryUnreachable, "directory-unreachable", Error,
            "No entry names a directory that has links; what is below it is lost too."),
        new(
            LinkCount, "link-count", Error,
            "An inode's links are not the entries that name it (for a directory: one, and one for each directory in it)."),
        new(
            Orphan, "orphan", Warning,
            "An inode without links or entries is in use: its file was removed while open. Kernels since 2025 free it at boot."),
        new(
            OrphanNotEmpty, "orphan-not-empty", Error,
            "A removed directory has entries, whose inodes will be lost when it is freed."),
        new(InodeUnreferenced, "inode-unreferenced", Error, "No entry names a file or device that has links."),
        new(MetadataFree, "metadata-free", Error, "The free map gives away a block before the first data block."),
        new(
            BlockFreeInMap, "block-free-in-map", Error,
            "A file's block is free in the map, and will be given to another."),
        new(BlockLeaked, "block-leaked", Error, "A block is taken in the map, but nothing uses it."),
    ];

    public static FsFindingRow Of(FsFindingKind kind) => Rows[(int)kind];
}

using System.Diagnostics.CodeAnalysis;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>How large an image is, and how it is divided. Without arguments it is what MIT's mkfs of 2025 makes.</summary>
public sealed class FsShape
{
    public const uint DefaultBlocks = 2000;
    public const uint DefaultInodes = 200;

    /// <summary>Ten blocks for each of three file system calls, and the header.</summary>
    public const uint DefaultLogBlocks = 31;

    private FsShape(FsGeometry geometry) => Geometry = geometry;

    public static FsShape Default { get; } =
        TryCreate(DefaultBlocks, DefaultInodes, DefaultLogBlocks, out var shape, out _)
            ? shape
            : throw new InvalidOperationException("the default shape is one");

    public FsGeometry Geometry { get; }

    /// <summary>Divides an image.</summary>
    /// <param name="blocks">Blocks of 1024 bytes in all.</param>
    /// <param name="inodes">Inodes, with number 0, which is none, and the root directory's.</param>
    /// <param name="logBlocks">Blocks of the log, with its header. A kernel may want more than the format does.</param>
    /// <param name="shape">The division.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryCreate(
        uint blocks,
        uint inodes,
        uint logBlocks,
        [NotNullWhen(true)] out FsShape? shape,
        [NotNullWhen(false)] out FsError? error)
    {
        shape = null;
        error = null;
        if (blocks > FsFormat.MaxBlocks)
        {
            error = new(FsErrorKind.BadShape, $"{blocks} blocks are too many; the most is {FsFormat.MaxBlocks} (2 GiB)");
        }
        else if (inodes is < 2 or > FsFormat.MaxInodes)
        {
            error = new(FsErrorKind.BadShape, $"{inodes} inodes can't be; choose 2 to {FsFormat.MaxInodes}");
        }
        else if (logBlocks < 2)
        {
            error = new(FsErrorKind.BadShape, $"a log of {logBlocks} blocks holds nothing; the least is 2, and xv6 wants 31");
        }
        else
        {
            // As mkfs does, a block more than needed where the count divides evenly.
            const uint logStart = FsFormat.SuperblockNumber + 1;
            ulong inodeStart = (ulong)logStart + logBlocks;
            ulong mapStart = inodeStart + inodes / FsFormat.InodesPerBlock + 1;
            ulong dataStart = mapStart + blocks / FsFormat.MapBitsPerBlock + 1;
            if (dataStart >= blocks)
            {
                error = new(
                    FsErrorKind.BadShape,
                    $"{blocks} blocks are too few: {dataStart} are needed before the first of a file's, "
                    + "and one for the root directory");
                return false;
            }

            shape = new FsShape(new FsGeometry(
                new FsSuperblock(
                    FsFormat.Magic,
                    blocks,
                    blocks - (uint)dataStart,
                    inodes,
                    logBlocks,
                    logStart,
                    (uint)inodeStart,
                    (uint)mapStart),
                (uint)dataStart));
        }

        return error is null;
    }
}

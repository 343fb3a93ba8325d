using System.Buffers.Binary;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>What the log holds.</summary>
public enum FsLogState
{
    /// <summary>Nothing to be done.</summary>
    Empty,

    /// <summary>A transaction that was committed but perhaps not copied to its place.</summary>
    Committed,

    /// <summary>A header that can't be: nothing of it is copied.</summary>
    Damaged,
}

/// <summary>The write-ahead log: a header with a count and that many block numbers, then the blocks in the same order.</summary>
internal static class FsLog
{
    /// <summary>Reads and checks the header.</summary>
    /// <param name="store">The image.</param>
    /// <param name="findings">Gets what is wrong with it.</param>
    /// <param name="targets">Where the log's blocks belong; empty unless there is a transaction.</param>
    public static FsLogState Read(FsStore store, ICollection<FsFinding> findings, out uint[] targets)
    {
        targets = [];
        var geometry = store.Geometry;
        uint start = geometry.Superblock.LogStart;
        var header = store.Block(start);
        uint count = FsStore.ReadNumber(header);
        if (count == 0)
        {
            return FsLogState.Empty;
        }

        if (count > geometry.LogCapacity)
        {
            Report(FsFindingKind.LogCount, $"the log counts {(int)count} blocks, but has room for {geometry.LogCapacity}", 0);
            return FsLogState.Damaged;
        }

        var blocks = new uint[count];
        var seen = new HashSet<uint>();
        bool sound = true;
        for (int index = 0; index < blocks.Length; index++)
        {
            int field = (index + 1) * sizeof(uint);
            uint block = blocks[index] = FsStore.ReadNumber(header[field..]);
            if (block < geometry.Superblock.InodeStart || block >= geometry.Size)
            {
                sound = Report(
                    FsFindingKind.LogBlockRange,
                    $"entry {index} of the log is for block {block}, which no transaction writes",
                    field);
            }
            else if (!seen.Add(block))
            {
                sound = Report(
                    FsFindingKind.LogDuplicate, $"entry {index} of the log is for block {block}, as one before it is", field);
            }
        }

        if (!sound)
        {
            return FsLogState.Damaged;
        }

        targets = blocks;
        return FsLogState.Committed;

        bool Report(FsFindingKind kind, string message, int field)
        {
            findings.Add(new FsFinding(kind, message)
            {
                Block = start,
                ByteOffset = (long)start * FsFormat.BlockBytes + field,
            });
            return false;
        }
    }

    /// <summary>What the next boot does: copies the log's blocks to their places, then empties the log.</summary>
    /// <param name="store">The image, which changes.</param>
    /// <param name="targets">As read from it.</param>
    public static void Recover(FsStore store, ReadOnlySpan<uint> targets)
    {
        uint from = store.Geometry.Superblock.LogStart;
        foreach (uint target in targets)
        {
            store.Block(++from).CopyTo(store.Block(target));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(store.Block(store.Geometry.Superblock.LogStart), 0);
    }
}

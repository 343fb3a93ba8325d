using System.Buffers.Binary;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>The superblock's fields, as the disk has them; nothing is checked.</summary>
/// <param name="Magic"><see cref="FsFormat.Magic"/>.</param>
/// <param name="Size">Blocks of the whole image.</param>
/// <param name="DataBlocks">Blocks for contents: the last ones.</param>
/// <param name="Inodes">Inodes, with the unused number 0.</param>
/// <param name="LogBlocks">Blocks of the log, with its header.</param>
/// <param name="LogStart">The log's header.</param>
/// <param name="InodeStart">First block of inodes.</param>
/// <param name="MapStart">First block of the free map.</param>
public readonly record struct FsSuperblock(
    uint Magic,
    uint Size,
    uint DataBlocks,
    uint Inodes,
    uint LogBlocks,
    uint LogStart,
    uint InodeStart,
    uint MapStart)
{
    internal const int Bytes = 8 * sizeof(uint);

    /// <param name="block">At least <see cref="Bytes"/> bytes.</param>
    internal static FsSuperblock Read(ReadOnlySpan<byte> block) => new(
        Field(block, 0), Field(block, 1), Field(block, 2), Field(block, 3),
        Field(block, 4), Field(block, 5), Field(block, 6), Field(block, 7));

    internal void Write(Span<byte> block)
    {
        ReadOnlySpan<uint> fields = [Magic, Size, DataBlocks, Inodes, LogBlocks, LogStart, InodeStart, MapStart];
        for (int index = 0; index < fields.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[(index * sizeof(uint))..], fields[index]);
        }
    }

    private static uint Field(ReadOnlySpan<byte> block, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(block[(index * sizeof(uint))..]);
}

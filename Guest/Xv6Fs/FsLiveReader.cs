using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>Fills 1 KiB with a block of the disk; false if the disk can't, or has no such block.</summary>
public delegate bool FsBlockSource(uint block, Span<byte> destination);

/// <summary>
/// Reads files from a disk while its guest uses it: only the blocks that it needs, as they are now. What the guest is about to
/// write is not seen, and any bytes will do: a disk that contradicts itself has no file there.
/// </summary>
/// <param name="read">The disk.</param>
public sealed class FsLiveReader(FsBlockSource read)
{
    /// <summary>Block numbers in an inode, whatever the kernel makes of the last ones.</summary>
    private const int NumbersInInode = FsFormat.DirectBlocks + 1;

    private const int LongestDirectoryBytes = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Names from the root on, with or without a slash before them.</param>
    /// <param name="directBlocks">
    /// How many of the 13 numbers in an inode are of the file's own blocks: 12, or 11 where an exercise of the course has added a
    /// doubly indirect one.
    /// </param>
    /// <param name="mostBytes">A longer file is not read.</param>
    /// <param name="content">All of it.</param>
    public bool TryRead(string path, int directBlocks, int mostBytes, [NotNullWhen(true)] out byte[]? content)
    {
        content = null;
        var block = new byte[FsFormat.BlockBytes];
        if (directBlocks is not (FsFormat.DirectBlocks or FsFormat.DirectBlocks - 1) || !read(FsFormat.SuperblockNumber, block))
        {
            return false;
        }

        var superblock = FsSuperblock.Read(block);
        if (superblock.Magic != FsFormat.Magic)
        {
            return false;
        }

        uint inode = FsFormat.RootInode;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryReadInode(superblock, inode, FsInodeType.Directory, directBlocks, LongestDirectoryBytes, out byte[]? entries)
                || !TryFind(entries, name, out inode))
            {
                return false;
            }
        }

        return TryReadInode(superblock, inode, FsInodeType.File, directBlocks, mostBytes, out content);
    }

    private static bool TryFind(ReadOnlySpan<byte> entries, string name, out uint inode)
    {
        inode = 0;
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        if (wanted.Length > FsFormat.NameBytes)
        {
            return false;
        }

        for (; entries.Length >= FsFormat.EntryBytes; entries = entries[FsFormat.EntryBytes..])
        {
            inode = BinaryPrimitives.ReadUInt16LittleEndian(entries);
            var field = entries.Slice(sizeof(ushort), FsFormat.NameBytes);
            int length = field.IndexOf((byte)0);
            if (inode != 0 && field[..(length < 0 ? field.Length : length)].SequenceEqual(wanted))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryReadInode(
        FsSuperblock superblock,
        uint inode,
        FsInodeType type,
        int directBlocks,
        int mostBytes,
        [NotNullWhen(true)] out byte[]? content)
    {
        content = null;
        var block = new byte[FsFormat.BlockBytes];
        ulong at = superblock.InodeStart + (ulong)inode / FsFormat.InodesPerBlock;
        if (at > uint.MaxValue || !read((uint)at, block))
        {
            return false;
        }

        var bytes = block.AsSpan((int)(inode % FsFormat.InodesPerBlock) * FsFormat.InodeBytes, FsFormat.InodeBytes);
        var fields = FsInode.Read(bytes);
        if (fields.Type != type || fields.SizeBytes > (uint)mostBytes)
        {
            return false;
        }

        var numbers = new uint[NumbersInInode];
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(FsInode.BlocksOffset + index * sizeof(uint))..]);
        }

        return TryReadBlocks(numbers, directBlocks, (int)fields.SizeBytes, out content);
    }

    private bool TryReadBlocks(uint[] numbers, int directBlocks, int sizeBytes, [NotNullWhen(true)] out byte[]? content)
    {
        content = new byte[sizeBytes];
        var block = new byte[FsFormat.BlockBytes];
        var lists = new Dictionary<uint, byte[]>();
        for (int index = 0; index * FsFormat.BlockBytes < sizeBytes; index++)
        {
            if (NumberOf(numbers, directBlocks, index, lists) is not (not 0 and var number) || !read(number, block))
            {
                content = null;
                return false;
            }

            var rest = content.AsSpan(index * FsFormat.BlockBytes);
            block.AsSpan(0, Math.Min(rest.Length, block.Length)).CopyTo(rest);
        }

        return true;
    }

    /// <summary>The number of a file's block; 0 if it has none.</summary>
    private uint NumberOf(uint[] numbers, int directBlocks, int index, Dictionary<uint, byte[]> lists)
    {
        if (index < directBlocks)
        {
            return numbers[index];
        }

        index -= directBlocks;
        if (index < FsFormat.IndirectBlocks)
        {
            return Entry(numbers[directBlocks], index, lists);
        }

        index -= FsFormat.IndirectBlocks;
        return directBlocks + 1 < NumbersInInode && index < FsFormat.IndirectBlocks * FsFormat.IndirectBlocks
            ? Entry(Entry(numbers[directBlocks + 1], index / FsFormat.IndirectBlocks, lists), index % FsFormat.IndirectBlocks, lists)
            : 0;
    }

    private uint Entry(uint list, int index, Dictionary<uint, byte[]> lists)
    {
        if (list == 0)
        {
            return 0;
        }

        if (!lists.TryGetValue(list, out byte[]? block))
        {
            block = new byte[FsFormat.BlockBytes];
            if (!read(list, block))
            {
                return 0;
            }

            lists.Add(list, block);
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(index * sizeof(uint)));
    }
}

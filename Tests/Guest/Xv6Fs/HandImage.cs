using System.Buffers.Binary;
using System.Text;

namespace RiscvXv6.Tests.Guest.Xv6Fs;

/// <summary>
/// A small, sound image, laid out by hand after kernel/fs.h, so that a test can spoil any byte of it. Nothing here comes from
/// the code under test.
/// </summary>
/// <remarks>
/// Blocks: 1 superblock, 2 to 4 log, 5 and 6 inodes, 7 free map, 8 to 63 data.
/// <code>
/// /         inode 1  block 8            bin, again, readme, console, big
/// /readme   inode 2  blocks 9, 10       1500 bytes, also /again
/// /bin      inode 3  block 11           48 bytes: ., .., sh
/// /console  inode 4                     device 1, 2
/// /bin/sh   inode 5  block 12           5 bytes
/// /big      inode 6  blocks 13 to 24, 25 for numbers, 26, 27
/// </code>
/// </remarks>
internal sealed class HandImage
{
    public const int Block = 1024;
    public const int Blocks = 64;
    public const int Superblock = 1 * Block;
    public const int LogHeader = 2 * Block;
    public const int Map = 7 * Block;
    public const int Root = 8 * Block;
    public const int Bin = 11 * Block;
    public const int BigNumbers = 25 * Block;
    public const int BigBytes = 14 * Block - 10;

    // Entries of the root directory.
    public const int RootReadme = Root + 2 * 16;
    public const int RootBin = Root + 3 * 16;
    public const int RootConsole = Root + 4 * 16;
    public const int RootBig = Root + 5 * 16;
    public const int RootAgain = Root + 6 * 16;
    public const int RootFree = Root + 7 * 16;
    public const int BinSh = Bin + 2 * 16;

    public HandImage()
    {
        uint[] super = [0x10203040, Blocks, 56, 32, 3, 2, 5, 7];
        for (int field = 0; field < super.Length; field++)
        {
            Put32(Superblock + field * 4, super[field]);
        }

        Inode(1, type: 1, links: 2, size: 1024, 8);
        Inode(2, type: 2, links: 2, size: 1500, 9, 10);
        Inode(3, type: 1, links: 1, size: 48, 11);
        Inode(4, type: 3, links: 1, size: 0);
        Put16(InodeAt(4) + 2, 1);
        Put16(InodeAt(4) + 4, 2);
        Inode(5, type: 2, links: 1, size: 5, 12);
        Inode(6, type: 2, links: 1, size: BigBytes, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25);
        Put32(BigNumbers, 26);
        Put32(BigNumbers + 4, 27);

        Entry(Root, 1, ".");
        Entry(Root + 16, 1, "..");
        Entry(RootReadme, 2, "readme");
        Entry(RootBin, 3, "bin");
        Entry(RootConsole, 4, "console");
        Entry(RootBig, 6, "big");
        Entry(RootAgain, 2, "again");
        Entry(Bin, 3, ".");
        Entry(Bin + 16, 1, "..");
        Entry(BinSh, 5, "sh");

        // What is behind the 48 bytes of /bin is nobody's business.
        Bytes.AsSpan(Bin + 48, Block - 48).Fill(0xee);

        for (int at = 0; at < 1500; at++)
        {
            Bytes[9 * Block + at] = (byte)(at % 251);
        }

        "echo\n"u8.CopyTo(Bytes.AsSpan(12 * Block));
        for (int block = 13; block < 28; block++)
        {
            Bytes[block * Block] = block == 25 ? Bytes[block * Block] : (byte)block;
        }

        for (int block = 0; block <= 27; block++)
        {
            Mark(block, true);
        }
    }

    public byte[] Bytes { get; } = new byte[Blocks * Block];

    public static int InodeAt(int inode) => 5 * Block + inode * 64;

    /// <summary>The field of an inode's block number; the thirteenth is the block of more.</summary>
    public static int AddressAt(int inode, int index) => InodeAt(inode) + 12 + index * 4;

    public void Inode(int inode, short type, short links, uint size, params uint[] blocks)
    {
        int at = InodeAt(inode);
        Bytes.AsSpan(at, 64).Clear();
        Put16(at, type);
        Put16(at + 6, links);
        Put32(at + 8, size);
        for (int index = 0; index < blocks.Length; index++)
        {
            Put32(AddressAt(inode, index), blocks[index]);
        }
    }

    public void Entry(int at, int inode, string name)
    {
        Bytes.AsSpan(at, 16).Clear();
        Put16(at, (short)inode);
        Encoding.Latin1.GetBytes(name).CopyTo(Bytes, at + 2);
    }

    public void Links(int inode, short links) => Put16(InodeAt(inode) + 6, links);

    public void Mark(int block, bool used)
    {
        int bit = 1 << (block % 8);
        Bytes[Map + block / 8] = (byte)(used ? Bytes[Map + block / 8] | bit : Bytes[Map + block / 8] & ~bit);
    }

    public void Put16(int at, short value) => BinaryPrimitives.WriteInt16LittleEndian(Bytes.AsSpan(at), value);

    public void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(at), value);

    /// <summary>Puts a committed transaction into the log: each block's contents, for its place.</summary>
    public void Commit(params (uint Block, byte[] Contents)[] writes)
    {
        Put32(LogHeader, (uint)writes.Length);
        for (int index = 0; index < writes.Length; index++)
        {
            Put32(LogHeader + 4 + index * 4, writes[index].Block);
            writes[index].Contents.CopyTo(Bytes, (3 + index) * Block);
        }
    }
}

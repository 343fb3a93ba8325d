using System.Buffers.Binary;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>What an inode is (<c>kernel/stat.h</c>). The disk may have other values.</summary>
public enum FsInodeType : short
{
    Free = 0,
    Directory = 1,
    File = 2,
    Device = 3,
}

/// <summary>An inode's fields, but for its block numbers, as the disk has them; nothing is checked.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Major">Of a device: which driver.</param>
/// <param name="Minor">Of a device: which of the driver's.</param>
/// <param name="Links">Entries that name it; for a directory also the <c>..</c> of those in it.</param>
/// <param name="SizeBytes">The file's length.</param>
public readonly record struct FsInode(FsInodeType Type, short Major, short Minor, short Links, uint SizeBytes)
{
    internal const int LinksOffset = 6;
    internal const int SizeOffset = 8;
    internal const int BlocksOffset = 12;

    public bool IsDirectory => Type == FsInodeType.Directory;

    internal static FsInode Read(ReadOnlySpan<byte> bytes) => new(
        (FsInodeType)BinaryPrimitives.ReadInt16LittleEndian(bytes),
        BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]),
        BinaryPrimitives.ReadInt16LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt16LittleEndian(bytes[LinksOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[SizeOffset..]));

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt16LittleEndian(bytes, (short)Type);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[2..], Major);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[4..], Minor);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[LinksOffset..], Links);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[SizeOffset..], SizeBytes);
    }
}

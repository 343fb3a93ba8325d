using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RiscvXv6.Emulator.Replay;

/// <summary>
/// The file of a recorded run: eight bytes of magic, four of version, then blocks, each with a header of
/// <see cref="HeaderBytes"/>. The first block describes the run, the next ones are disks, the others are entries: what came from
/// outside, and when. A block is written at once, so that a run that was killed leaves whole blocks and perhaps a part of one.
/// Numbers are little-endian.
/// </summary>
internal static class RecordFormat
{
    /// <summary>Files of another version are refused.</summary>
    public const int Version = 1;

    /// <summary>Magic and version.</summary>
    public const int StartBytes = 12;

    /// <summary>Of a block: kind, length, the contents' sum, the header's own sum.</summary>
    public const int HeaderBytes = 20;

    /// <summary>A disk of at most so many bytes is kept in the record.</summary>
    public const long KeptDiskMaxBytes = 64L << 20;

    /// <summary>No block is longer: a disk that can't be compressed, and something.</summary>
    public const int BlockMaxBytes = (int)KeptDiskMaxBytes + (1 << 20);

    /// <summary>Of an entry: kind, cycle, instructions retired, length of what follows.</summary>
    public const int EntryHeaderBytes = 1 + 8 + 8 + 4;

    /// <summary>No entry carries more.</summary>
    public const int EntryMaxBytes = 1 << 20;

    /// <summary>The text that describes a run is at most so long.</summary>
    public const int DescriptionMaxBytes = 1 << 20;

    private const int SumOffset = 8;
    private const int HeaderSumOffset = 16;

    public static ReadOnlySpan<byte> Magic => "RVXV6REC"u8;

    /// <summary>Writes a block's header.</summary>
    public static void WriteHeader(Span<byte> header, RecordBlock kind, ReadOnlySpan<byte> contents)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)kind);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], contents.Length);
        Sum(contents)[..8].CopyTo(header[SumOffset..]);
        Sum(header[..HeaderSumOffset])[..4].CopyTo(header[HeaderSumOffset..]);
    }

    /// <summary>Reads a block's header. False if it is damaged, so that its length can't be believed.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out RecordBlock kind, out int lengthBytes)
    {
        kind = (RecordBlock)BinaryPrimitives.ReadUInt32LittleEndian(header);
        lengthBytes = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        return Sum(header[..HeaderSumOffset]).AsSpan(0, 4).SequenceEqual(header[HeaderSumOffset..HeaderBytes])
            && lengthBytes is >= 0 and <= BlockMaxBytes;
    }

    /// <summary>True if the contents are those that the header was written for.</summary>
    public static bool Matches(ReadOnlySpan<byte> header, ReadOnlySpan<byte> contents) =>
        Sum(contents).AsSpan(0, 8).SequenceEqual(header[SumOffset..HeaderSumOffset]);

    private static byte[] Sum(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes);
}

/// <summary>What a block holds. The values stand in files: never renumbered.</summary>
internal enum RecordBlock : uint
{
    /// <summary><see cref="RunDescription"/>, as JSON.</summary>
    Description = 1,

    /// <summary>A disk's contents, compressed (RFC 1951), in the order of the description.</summary>
    Disk = 2,

    /// <summary>Any number of <see cref="RecordEntry"/>.</summary>
    Entries = 3,
}

/// <summary>What an entry tells. The values stand in files: never renumbered.</summary>
internal enum RecordEntry : byte
{
    /// <summary>The run came by here, and nothing happened.</summary>
    Mark = 1,

    /// <summary>The run is over: how.</summary>
    End = 2,
    ConsoleInput = 3,
    ConsoleBreak = 4,
    ConsoleClosed = 5,
    ChannelMessage = 6,
    Stop = 7,

    /// <summary>A debugger's.</summary>
    MemoryWrite = 8,
    RegisterWrite = 9,
    CsrWrite = 10,
    StepOutOfTurn = 11,
    Reset = 12,
    PowerDown = 13,
}

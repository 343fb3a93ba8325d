using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Replay;

/// <summary>A record that has been read and checked: whatever the file was, nothing in here can fail.</summary>
internal sealed class RunRecord
{
    private readonly List<ReadOnlyMemory<byte>> _disks = [];
    private readonly List<HostEventRecord> _entries = [];

    private RunRecord(RunDescription description) => Description = description;

    public RunDescription Description { get; }

    /// <summary>What happened, and the marks between, in order.</summary>
    public IReadOnlyList<HostEventRecord> Entries => _entries;

    /// <summary>How the run ended; null if the record stops before: the run was killed, or the file is cut short.</summary>
    public RunEnding? Ending { get; private set; }

    /// <summary>The last place that the record tells of; zero if there is none.</summary>
    public (ulong Cycle, ulong Retired) LastPlace =>
        Ending is { } ending ? (ending.Cycle, ending.Retired) : _entries.Count > 0 ? (_entries[^1].Cycle, _entries[^1].Retired) : default;

    /// <summary>
    /// What a machine takes to run again and end where the record does: the entries, and a stop behind them. A run that ends by itself
    /// never comes to the stop.
    /// </summary>
    public IEnumerable<HostEventRecord> ToReplay()
    {
        var (cycle, retired) = LastPlace;
        return [.. _entries, new HostEventRecord(cycle, retired, new HostEvent.Stop(StopReason.Limit))];
    }

    /// <summary>Reads a record.</summary>
    /// <param name="file">The whole file; kept.</param>
    /// <param name="record">If it can be used.</param>
    /// <param name="error">Otherwise: a clause that says why not.</param>
    public static bool TryParse(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out RunRecord? record, out string error)
    {
        record = null;
        error = "";
        int magic = RecordFormat.Magic.Length;
        if (file.Length < magic || !file.Span.StartsWith(RecordFormat.Magic))
        {
            error = "is not a record of a run; make one with -record FILE";
            return false;
        }

        if (file.Length < RecordFormat.StartBytes)
        {
            error = CutAtStart;
            return false;
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(file.Span[magic..]);
        if (version != RecordFormat.Version)
        {
            error = $"is a record of version {version}, and this program reads version {RecordFormat.Version}; use the program that recorded it";
            return false;
        }

        var blocks = new BlockReader(file);
        if (!blocks.TryNext(out var kind, out var contents))
        {
            error = blocks.Error ?? CutAtStart;
            return false;
        }

        if (kind != RecordBlock.Description || contents.Length > RecordFormat.DescriptionMaxBytes
            || DescriptionJson.Read(contents) is not { } description)
        {
            error = Damaged(RecordFormat.StartBytes);
            return false;
        }

        var made = new RunRecord(description);
        if (!made.TryAddBlocks(blocks, out error))
        {
            return false;
        }

        record = made;
        return true;
    }

    /// <summary>A disk's contents.</summary>
    /// <param name="disk">One of the description's that is kept.</param>
    /// <param name="contents">As it was at the start.</param>
    /// <returns>False if the record does not have what the description says.</returns>
    public bool TryReadDisk(RecordedDisk disk, [NotNullWhen(true)] out byte[]? contents)
    {
        contents = null;
        int index = Description.Disks.Where(static other => other.IsKept).ToList().IndexOf(disk);
        if (index < 0 || index >= _disks.Count || disk.SizeBytes is < 0 or > RecordFormat.KeptDiskMaxBytes)
        {
            return false;
        }

        try
        {
            using var deflate = new DeflateStream(new MemoryStream(_disks[index].ToArray()), CompressionMode.Decompress);
            byte[] bytes = new byte[disk.SizeBytes];
            if (deflate.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) != bytes.Length || deflate.ReadByte() >= 0
                || Convert.ToHexStringLower(SHA256.HashData(bytes)) != disk.Sha256)
            {
                return false;
            }

            contents = bytes;
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private const string CutAtStart = "is cut short before the machine started: there is nothing to replay";

    private static string Damaged(long offset) => $"is damaged at byte {offset}; get an intact copy, or record the run again";

    private bool TryAddBlocks(BlockReader blocks, out string error)
    {
        int keptDisks = Description.Disks.Count(static disk => disk.IsKept);
        while (blocks.TryNext(out var kind, out var contents))
        {
            bool isSound = kind switch
            {
                RecordBlock.Disk when _disks.Count < keptDisks => AddDisk(contents),
                RecordBlock.Entries when _disks.Count == keptDisks => TryAddEntries(contents),
                _ => false,
            };
            if (!isSound)
            {
                error = Damaged(blocks.Offset);
                return false;
            }
        }

        error = blocks.Error ?? (_disks.Count < keptDisks ? CutAtStart : "");
        return error.Length == 0;
    }

    private bool AddDisk(ReadOnlyMemory<byte> contents)
    {
        _disks.Add(contents);
        return true;
    }

    private bool TryAddEntries(ReadOnlyMemory<byte> block)
    {
        while (!block.IsEmpty)
        {
            if (Ending is not null || block.Length < RecordFormat.EntryHeaderBytes)
            {
                return false;
            }

            var header = block.Span;
            var kind = (RecordEntry)header[0];
            ulong cycle = BinaryPrimitives.ReadUInt64LittleEndian(header[1..]);
            ulong retired = BinaryPrimitives.ReadUInt64LittleEndian(header[9..]);
            int lengthBytes = BinaryPrimitives.ReadInt32LittleEndian(header[17..]);
            block = block[RecordFormat.EntryHeaderBytes..];
            var (lastCycle, lastRetired) = LastPlace;
            if (lengthBytes < 0 || lengthBytes > Math.Min(block.Length, RecordFormat.EntryMaxBytes) || cycle < lastCycle || retired < lastRetired)
            {
                return false;
            }

            if (!TryAddEntry(kind, cycle, retired, block[..lengthBytes]))
            {
                return false;
            }

            block = block[lengthBytes..];
        }

        return true;
    }

    private bool TryAddEntry(RecordEntry kind, ulong cycle, ulong retired, ReadOnlyMemory<byte> contents)
    {
        if (kind == RecordEntry.End)
        {
            Ending = EntryCodec.ReadEnding(cycle, retired, contents.Span);
            return Ending is not null;
        }

        if (EntryCodec.Read(kind, contents) is not { } happened)
        {
            return false;
        }

        _entries.Add(new HostEventRecord(cycle, retired, happened));
        return true;
    }

    /// <summary>Goes from block to block. A block that is not all there is none: the program was killed while it wrote.</summary>
    private sealed class BlockReader(ReadOnlyMemory<byte> file)
    {
        private int _next = RecordFormat.StartBytes;

        /// <summary>Where the present block begins.</summary>
        public int Offset { get; private set; }

        /// <summary>Why there is no next block, if the file is not just over.</summary>
        public string? Error { get; private set; }

        public bool TryNext(out RecordBlock kind, out ReadOnlyMemory<byte> contents)
        {
            (kind, contents) = (default, default);
            Offset = _next;
            var rest = file[_next..];
            if (rest.Length < RecordFormat.HeaderBytes)
            {
                return false;
            }

            var header = rest.Span[..RecordFormat.HeaderBytes];
            if (!RecordFormat.TryReadHeader(header, out kind, out int lengthBytes))
            {
                Error = Damaged(Offset);
                return false;
            }

            rest = rest[RecordFormat.HeaderBytes..];
            if (rest.Length < lengthBytes)
            {
                return false;
            }

            contents = rest[..lengthBytes];
            if (!RecordFormat.Matches(header, contents.Span))
            {
                Error = Damaged(Offset);
                return false;
            }

            _next += RecordFormat.HeaderBytes + lengthBytes;
            return true;
        }
    }
}

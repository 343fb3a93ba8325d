using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Replay;

/// <summary>
/// Writes a record. Entries wait until <see cref="Flush"/>, which writes them as one block: what was flushed survives a kill of the process.
/// </summary>
/// <param name="file">Positioned at its start, without a buffer of its own.</param>
internal sealed class RecordWriter(Stream file)
{
    private readonly ArrayBufferWriter<byte> _entries = new();

    /// <summary>Bytes that wait for <see cref="Flush"/>.</summary>
    public int WaitingBytes => _entries.WrittenCount;

    /// <summary>Writes what comes before the entries; once, first.</summary>
    /// <param name="description">Of the run.</param>
    /// <param name="disks">The contents of those disks that it says are kept, in its order.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Begin(RunDescription description, IEnumerable<ReadOnlyMemory<byte>> disks)
    {
        Span<byte> start = stackalloc byte[RecordFormat.StartBytes];
        RecordFormat.Magic.CopyTo(start);
        BinaryPrimitives.WriteInt32LittleEndian(start[RecordFormat.Magic.Length..], RecordFormat.Version);
        file.Write(start);
        WriteBlock(RecordBlock.Description, DescriptionJson.Write(description));
        foreach (var disk in disks)
        {
            using var compressed = new MemoryStream();
            using (var deflate = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            {
                deflate.Write(disk.Span);
            }

            WriteBlock(RecordBlock.Disk, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        }
    }

    /// <summary>Takes an entry.</summary>
    public void Add(in HostEventRecord record) => EntryCodec.Write(_entries, record);

    /// <summary>Takes the last entry.</summary>
    public void Add(RunEnding ending) => EntryCodec.Write(_entries, ending);

    /// <summary>Writes the entries that wait.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Flush()
    {
        if (_entries.WrittenCount > 0)
        {
            WriteBlock(RecordBlock.Entries, _entries.WrittenSpan);
            _entries.ResetWrittenCount();
        }
    }

    private void WriteBlock(RecordBlock kind, ReadOnlySpan<byte> contents)
    {
        Span<byte> header = stackalloc byte[RecordFormat.HeaderBytes];
        RecordFormat.WriteHeader(header, kind, contents);
        file.Write(header);
        file.Write(contents);
    }
}

using System.Security.Cryptography;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Replay;

namespace RiscvXv6.Emulator.Cli.Replay;

/// <summary>The host's files, and what a record has to say of them.</summary>
internal sealed class RecordingFiles : FileSource
{
    private const int ChunkBytes = 1 << 20;

    private readonly List<RecordedFile> _files = [];
    private readonly List<RecordedDisk> _disks = [];
    private readonly List<ReadOnlyMemory<byte>> _kept = [];

    public IReadOnlyList<RecordedFile> Files => _files;

    public IReadOnlyList<RecordedDisk> Disks => _disks;

    /// <summary>The contents of the disks that are kept.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Kept => _kept;

    public override void Loaded(string role, string path, ReadOnlyMemory<byte> contents) =>
        _files.Add(new RecordedFile(role, path, contents.Length, Hexadecimal(SHA256.HashData(contents.Span))));

    public override IBlockBackend OpenDisk(DriveOptions drive)
    {
        var backend = base.OpenDisk(drive);
        try
        {
            Record(drive, backend);
            return backend;
        }
        catch (UsageException)
        {
            (backend as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>Of all that a disk has.</summary>
    /// <exception cref="UsageException">It can't be read.</exception>
    public static string Sha256Of(string path, IBlockBackend disk)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[ChunkBytes];
        ulong sectors = disk.CapacitySectors;
        for (ulong sector = 0; sector < sectors;)
        {
            int length = (int)Math.Min((sectors - sector) * IBlockBackend.SectorSizeBytes, ChunkBytes);
            Read(path, disk, sector, chunk.AsSpan(0, length));
            sum.AppendData(chunk.AsSpan(0, length));
            sector += (ulong)length / IBlockBackend.SectorSizeBytes;
        }

        return Hexadecimal(sum.GetHashAndReset());
    }

    private static string Hexadecimal(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static void Read(string path, IBlockBackend disk, ulong sector, Span<byte> bytes)
    {
        if (!disk.Read(sector, bytes))
        {
            throw new UsageException($"-record: {path}: can't be read to its end; is the disk full or the file being changed?");
        }
    }

    private void Record(DriveOptions drive, IBlockBackend backend)
    {
        long size = (long)backend.CapacitySectors * IBlockBackend.SectorSizeBytes;
        if (size <= RecordFormat.KeptDiskMaxBytes)
        {
            byte[] contents = new byte[size];
            Read(drive.Path, backend, 0, contents);
            _kept.Add(contents);
            _disks.Add(new RecordedDisk(drive.Id, drive.Path, size, Hexadecimal(SHA256.HashData(contents)), IsKept: true));
            return;
        }

        if (!drive.Snapshot && !drive.ReadOnly)
        {
            throw new UsageException($"-record: {drive.Path}: {size >> 20} MiB is more than a record keeps of a disk"
                + $" ({RecordFormat.KeptDiskMaxBytes >> 20} MiB), and the run would change it; add snapshot=on to its drive");
        }

        _disks.Add(new RecordedDisk(drive.Id, drive.Path, size, Sha256Of(drive.Path, backend), IsKept: false));
    }
}

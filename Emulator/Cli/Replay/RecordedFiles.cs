using System.Security.Cryptography;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Replay;

namespace RiscvXv6.Emulator.Cli.Replay;

/// <summary>A record's disks, and the host's files only if they are still those that were recorded. Nothing of the host's is written.</summary>
internal sealed class RecordedFiles(RunRecord record) : FileSource
{
    public override void Loaded(string role, string path, ReadOnlyMemory<byte> contents)
    {
        var recorded = record.Description.Files.FirstOrDefault(file => file.Role == role)
            ?? throw new UsageException($"replay: the record does not know of {role} {path}; was it made by another version of the program?");
        if (recorded.Sha256 != Convert.ToHexStringLower(SHA256.HashData(contents.Span)))
        {
            throw Changed(role, path, recorded.Sha256);
        }
    }

    public override IBlockBackend OpenDisk(DriveOptions drive)
    {
        var disk = record.Description.Disks.FirstOrDefault(disk => disk.DriveId == drive.Id)
            ?? throw new UsageException(
                $"replay: the record does not know of drive {OptionValues.Quote(drive.Id)}; was it made by another version of the program?");
        if (disk.IsKept)
        {
            return record.TryReadDisk(disk, out byte[]? contents) && contents.Length > 0 && contents.Length % IBlockBackend.SectorSizeBytes == 0
                ? new MemoryBackend(contents, drive.ReadOnly)
                : throw new UsageException(
                    $"replay: the record's disk {OptionValues.Quote(drive.Id)} is damaged; get an intact copy, or record the run again");
        }

        var image = DiskImage.Open(drive.Path, new DiskImageOptions(drive.ReadOnly, Snapshot: true));
        if (RecordingFiles.Sha256Of(drive.Path, image) != disk.Sha256)
        {
            (image as IDisposable)?.Dispose();
            throw Changed("-drive", drive.Path, disk.Sha256);
        }

        return image;
    }

    /// <summary>
    /// Where a file of the record is: at its place, or, if that has none, or another one, at the same place seen from the present folder.
    /// </summary>
    public string Locate(string role, string path)
    {
        string place = Path.Join(record.Description.Directory, path);
        if (Path.IsPathRooted(path))
        {
            place = path;
        }

        string? sha256 = record.Description.Files.FirstOrDefault(file => file.Role == role)?.Sha256;
        return IsSame(place, sha256) || !File.Exists(path) || (File.Exists(place) && !IsSame(path, sha256)) ? place : path;
    }

    private static bool IsSame(string path, string? sha256)
    {
        try
        {
            return File.Exists(path) && HostFile.Length(path) is not null
                && (sha256 is null || Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) == sha256);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // Whoever loads it says why.
            return false;
        }
    }

    private static UsageException Changed(string role, string path, string sha256) => new(
        $"replay: {role} {path}: has changed since the run was recorded (then its SHA-256 began with {sha256[..12]});"
        + " put the old file back, or record the run again");
}

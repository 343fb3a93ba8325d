using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli;

/// <summary>Where the contents of a machine's files come from: the host's folders, unless a replay has them.</summary>
internal class FileSource
{
    /// <summary>Told of each file that is loaded into memory.</summary>
    /// <param name="role">The option that named it.</param>
    /// <param name="path">The file.</param>
    /// <param name="contents">All of it.</param>
    /// <exception cref="UsageException">It is not the file that it must be.</exception>
    public virtual void Loaded(string role, string path, ReadOnlyMemory<byte> contents)
    {
    }

    /// <exception cref="BlockImageException">The image can't be used; one line says why and what to do.</exception>
    /// <exception cref="UsageException">It is not the image that it must be.</exception>
    public virtual IBlockBackend OpenDisk(DriveOptions drive) =>
        DiskImage.Open(drive.Path, new DiskImageOptions(drive.ReadOnly, drive.Snapshot));
}

namespace RiscvXv6.Devices.Virtio;

/// <summary>
/// Where a disk's sectors live. A failure of the host is a value; the guest sees VIRTIO_BLK_S_IOERR. Callers keep
/// transfers inside the capacity and to whole sectors.
/// </summary>
public interface IBlockBackend
{
    /// <summary>Bytes in a sector, whatever the host's medium uses.</summary>
    const int SectorSizeBytes = 512;

    ulong CapacitySectors { get; }

    /// <summary>Writes fail.</summary>
    bool IsReadOnly { get; }

    /// <summary>Fills <paramref name="destination"/>, a multiple of 512 bytes. False if the host failed.</summary>
    bool Read(ulong sector, Span<byte> destination);

    /// <summary>
    /// Stores a multiple of 512 bytes. When it returns true, the data survives a kill of this process. False if the host
    /// failed; then any part may have been written.
    /// </summary>
    bool Write(ulong sector, ReadOnlySpan<byte> source);

    /// <summary>Makes completed writes survive a crash of the host. False if the host failed.</summary>
    bool Flush();
}

namespace RiscvXv6.Devices.Virtio;

/// <summary>A disk in host memory: for tests, and for images that nothing needs to outlive.</summary>
public sealed class MemoryBackend : IBlockBackend
{
    private readonly byte[] _bytes;

    /// <param name="bytes">The contents, used in place; a multiple of 512 bytes.</param>
    /// <param name="isReadOnly">Refuse writes.</param>
    /// <exception cref="BlockImageException">The length is not a multiple of 512 bytes.</exception>
    public MemoryBackend(byte[] bytes, bool isReadOnly = false)
    {
        if (bytes.Length % IBlockBackend.SectorSizeBytes != 0)
        {
            throw new BlockImageException($"{bytes.Length} bytes in memory are not a multiple of 512");
        }

        _bytes = bytes;
        IsReadOnly = isReadOnly;
    }

    public ulong CapacitySectors => (ulong)_bytes.Length / IBlockBackend.SectorSizeBytes;

    public bool IsReadOnly { get; }

    public bool Read(ulong sector, Span<byte> destination)
    {
        if (!Contains(sector, destination.Length))
        {
            return false;
        }

        _bytes.AsSpan((int)sector * IBlockBackend.SectorSizeBytes, destination.Length).CopyTo(destination);
        return true;
    }

    public bool Write(ulong sector, ReadOnlySpan<byte> source)
    {
        if (IsReadOnly || !Contains(sector, source.Length))
        {
            return false;
        }

        source.CopyTo(_bytes.AsSpan((int)sector * IBlockBackend.SectorSizeBytes));
        return true;
    }

    public bool Flush() => true;

    private bool Contains(ulong sector, int lengthBytes) =>
        sector <= CapacitySectors
        && (ulong)lengthBytes <= (CapacitySectors - sector) * IBlockBackend.SectorSizeBytes;
}

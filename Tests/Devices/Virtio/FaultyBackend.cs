using RiscvXv6.Devices.Virtio;

namespace RiscvXv6.Tests.Devices.Virtio;

/// <summary>A disk whose host fails on demand, and that counts flushes.</summary>
internal sealed class FaultyBackend(byte[] image) : IBlockBackend
{
    private readonly MemoryBackend _memory = new(image);

    public bool Fails { get; set; }

    public int Flushes { get; private set; }

    public ulong CapacitySectors => _memory.CapacitySectors;

    public bool IsReadOnly => false;

    public bool Read(ulong sector, Span<byte> destination) => !Fails && _memory.Read(sector, destination);

    public bool Write(ulong sector, ReadOnlySpan<byte> source) => !Fails && _memory.Write(sector, source);

    public bool Flush()
    {
        Flushes++;
        return !Fails;
    }
}

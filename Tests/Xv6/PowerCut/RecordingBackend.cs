using RiscvXv6.Devices.Virtio;

namespace RiscvXv6.Tests.Xv6.PowerCut;

/// <summary>One write of the guest, and how much the console had printed before it.</summary>
internal readonly record struct DiskWrite(ulong Sector, byte[] Bytes, int PrintedBefore);

/// <summary>A disk in memory that remembers every write in order, so that the disk at any moment can be made again.</summary>
internal sealed class RecordingBackend(byte[] disk, Func<int> printed) : IBlockBackend
{
    private readonly MemoryBackend _memory = new(disk);
    private readonly List<DiskWrite> _writes = [];

    public IReadOnlyList<DiskWrite> Writes => _writes;

    public ulong CapacitySectors => _memory.CapacitySectors;

    public bool IsReadOnly => false;

    public bool Read(ulong sector, Span<byte> destination) => _memory.Read(sector, destination);

    public bool Write(ulong sector, ReadOnlySpan<byte> source)
    {
        _writes.Add(new DiskWrite(sector, source.ToArray(), printed()));
        return _memory.Write(sector, source);
    }

    public bool Flush() => true;
}

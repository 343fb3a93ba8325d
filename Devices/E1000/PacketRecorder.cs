namespace RiscvXv6.Devices.E1000;

/// <summary>Keeps the accounts of the first packets, for a report. All its memory is there from the start.</summary>
/// <param name="packetsMax">How many.</param>
public sealed class PacketRecorder(int packetsMax) : IPacketObserver
{
    private readonly PacketRecord[] _records = new PacketRecord[packetsMax];
    private int _count;

    /// <summary>Those that were kept, in the order of completion.</summary>
    public IReadOnlyList<PacketRecord> Records => new ArraySegment<PacketRecord>(_records, 0, _count);

    /// <summary>Packets that came when there was no room left.</summary>
    public ulong Omitted { get; private set; }

    public void Completed(in PacketRecord record)
    {
        if (_count < _records.Length)
        {
            _records[_count++] = record;
        }
        else
        {
            Omitted++;
        }
    }
}

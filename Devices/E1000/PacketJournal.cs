using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The card's accounts: totals of each stage, always, and each packet's own to whoever listens. It changes nothing that a guest can see.
/// </summary>
/// <remarks>
/// Packets whose status is in memory wait here for INTx, at most <see cref="AwaitingMax"/> of a driver that masks its interrupts; what
/// overflows has no interrupt delay.
/// </remarks>
public sealed class PacketJournal(IGuestClock clock) : IStateful<PacketJournalState>
{
    /// <summary>Packets that wait for an interrupt at most.</summary>
    public const int AwaitingMax = 256;

    private readonly PacketTotals[] _totals = new PacketTotals[2];
    private readonly ulong[] _drops = new ulong[2 * Enum.GetValues<PacketDrop>().Length];
    private readonly PacketRecord[] _awaiting = new PacketRecord[AwaitingMax];
    private int _first;
    private int _count;
    private bool _isLineAsserted;

    /// <summary>Is told of each packet; null if nobody cares.</summary>
    public IPacketObserver? Observer { get; set; }

    /// <summary>Register accesses so far.</summary>
    public RegisterTotals Registers { get; private set; }

    public PacketTotals Totals(PacketDirection direction) => _totals[(int)direction];

    public ulong Drops(PacketDirection direction, PacketDrop reason) => _drops[DropIndex(direction, reason)];

    public void RegisterRead() => Registers = Registers with { Reads = Registers.Reads + 1 };

    public void RegisterWritten() => Registers = Registers with { Writes = Registers.Writes + 1 };

    /// <summary>Takes the account of a packet that is through with all but its interrupt.</summary>
    /// <param name="record">Its stages; the interrupt delay is the journal's to fill in.</param>
    /// <param name="isReported">
    /// Its status was written to memory, at <see cref="PacketRecord.LastCycle"/> or before, for an interrupt to tell of. The others are complete.
    /// </param>
    public void Complete(in PacketRecord record, bool isReported)
    {
        if (!isReported || _isLineAsserted || record.Drop != PacketDrop.None)
        {
            Close(record);
            return;
        }

        if (_count == AwaitingMax)
        {
            CloseFirst(0);
        }

        _awaiting[(_first + _count++) % AwaitingMax] = record;
    }

    /// <summary>To be called when INTx rises or falls.</summary>
    public void LineChanged(bool isAsserted)
    {
        _isLineAsserted = isAsserted;
        while (isAsserted && _count > 0)
        {
            ulong since = _awaiting[_first].LastCycle;
            CloseFirst(clock.NowCycles > since ? clock.NowCycles - since : 0);
        }
    }

    /// <summary>Closes the accounts of those that wait for an interrupt: at the end of a run, before a report, and at a reset.</summary>
    public void Flush()
    {
        while (_count > 0)
        {
            CloseFirst(0);
        }
    }

    public PacketJournalState Save()
    {
        var awaiting = new PacketRecord[_count];
        for (int index = 0; index < _count; index++)
        {
            awaiting[index] = _awaiting[(_first + index) % AwaitingMax];
        }

        return new PacketJournalState(
            new ValueArray<PacketTotals>(_totals),
            new ValueArray<ulong>(_drops),
            new ValueArray<PacketRecord>(awaiting),
            _isLineAsserted,
            Registers);
    }

    public void Restore(PacketJournalState state)
    {
        (var totals, var drops, var awaiting, _isLineAsserted, Registers) = state;
        totals.AsSpan().CopyTo(_totals);
        drops.AsSpan().CopyTo(_drops);
        awaiting.AsSpan().CopyTo(_awaiting);
        _first = 0;
        _count = awaiting.Length;
    }

    private static int DropIndex(PacketDirection direction, PacketDrop reason) => 2 * (int)reason + (int)direction;

    private void CloseFirst(ulong delayCycles)
    {
        var record = _awaiting[_first];
        _first = (_first + 1) % AwaitingMax;
        _count--;
        Close(record with { Stages = record.Stages with { InterruptDelay = delayCycles } });
    }

    private void Close(in PacketRecord record)
    {
        ref var totals = ref _totals[(int)record.Direction];
        if (record.Drop == PacketDrop.None)
        {
            totals = new PacketTotals(
                totals.Packets + 1, totals.Bytes + (ulong)record.LengthBytes, totals.Drops, totals.Stages + record.Stages);
        }
        else
        {
            totals = totals with { Drops = totals.Drops + 1 };
            _drops[DropIndex(record.Direction, record.Drop)]++;
        }

        Observer?.Completed(record);
    }
}

using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The card's accounts: totals of each stage, always, and each packet's own to whoever listens. It changes nothing
/// that a guest can see.
/// </summary>
/// <remarks>
/// Packets whose status is in memory wait here for INTx, at most <see cref="AwaitingMax"/> of a driver that masks its
/// interrupts; what overflows has no interrupt delay.
/// </remarks>
public sealed class PacketJournal(IGuestClock clock) : IStateful<PacketJournalState>
{
    /// <summary>Packets that wait for an interrupt at most.</summary>
    public const int AwaitingMax = 256;

    /// <summary>The cycle of a status that no interrupt tells of: never written, or not to be reported.</summary>
    public const ulong NotReported = ulong.MaxValue;

    private const int RisesMax = 64;

    private readonly PacketTotals[] _totals = new PacketTotals[2];
    private readonly ulong[] _drops = new ulong[2 * Enum.GetValues<PacketDrop>().Length];
    private readonly AwaitingPacket[] _awaiting = new AwaitingPacket[AwaitingMax];
    private readonly ulong[] _rises = new ulong[RisesMax];
    private readonly ulong[] _falls = new ulong[RisesMax];
    private ulong _riseCount;
    private int _first;
    private int _count;

    /// <summary>Is told of each packet; null if nobody cares.</summary>
    public IPacketObserver? Observer { get; set; }

    /// <summary>Register accesses so far.</summary>
    public RegisterTotals Registers { get; private set; }

    public PacketTotals Totals(PacketDirection direction) => _totals[(int)direction];

    public ulong Drops(PacketDirection direction, PacketDrop reason) => _drops[DropIndex(direction, reason)];

    public void RegisterRead() => Registers = Registers with { Reads = Registers.Reads + 1 };

    public void RegisterWritten() => Registers = Registers with { Writes = Registers.Writes + 1 };

    /// <summary>INTx is up.</summary>
    private bool IsLineAsserted => _riseCount != 0 && _falls[(_riseCount - 1) % RisesMax] == NotReported;

    /// <summary>Takes the account of a packet that is through with all but its interrupt.</summary>
    /// <param name="record">Its stages; the interrupt delay is the journal's to fill in.</param>
    /// <param name="reportedCycle">
    /// When its status was in memory, for an interrupt to tell of; or <see cref="NotReported"/>.
    /// </param>
    public void Complete(in PacketRecord record, ulong reportedCycle)
    {
        if (record.Drop != PacketDrop.None || reportedCycle == NotReported)
        {
            Close(record);
        }
        else if (TryFindRise(reportedCycle, out ulong riseCycle))
        {
            CloseReported(record, riseCycle > reportedCycle ? riseCycle - reportedCycle : 0);
        }
        else
        {
            if (_count == AwaitingMax)
            {
                CloseFirst(NotReported);
            }

            _awaiting[(_first + _count++) % AwaitingMax] = new AwaitingPacket(record, reportedCycle);
        }
    }

    /// <summary>To be called when INTx rises or falls; that it stays as it was may be said as well.</summary>
    public void LineChanged(bool isAsserted)
    {
        if (isAsserted == IsLineAsserted)
        {
            return;
        }

        if (!isAsserted)
        {
            _falls[(_riseCount - 1) % RisesMax] = clock.NowCycles;
            return;
        }

        _rises[_riseCount % RisesMax] = clock.NowCycles;
        _falls[_riseCount++ % RisesMax] = NotReported;
        while (_count > 0)
        {
            CloseFirst(clock.NowCycles);
        }
    }

    /// <summary>
    /// Closes the accounts of those that wait for an interrupt: at the end of a run, before a report, and at a reset.
    /// </summary>
    public void Flush()
    {
        while (_count > 0)
        {
            CloseFirst(NotReported);
        }
    }

    public PacketJournalState Save()
    {
        var awaiting = new AwaitingPacket[_count];
        for (int index = 0; index < _count; index++)
        {
            awaiting[index] = _awaiting[(_first + index) % AwaitingMax];
        }

        return new PacketJournalState(
            new ValueArray<PacketTotals>(_totals),
            new ValueArray<ulong>(_drops),
            new ValueArray<AwaitingPacket>(awaiting),
            new ValueArray<ulong>(_rises),
            new ValueArray<ulong>(_falls),
            _riseCount,
            Registers);
    }

    public void Restore(PacketJournalState state)
    {
        (var totals, var drops, var awaiting, var rises, var falls, _riseCount, Registers) = state;
        totals.AsSpan().CopyTo(_totals);
        drops.AsSpan().CopyTo(_drops);
        awaiting.AsSpan().CopyTo(_awaiting);
        rises.AsSpan().CopyTo(_rises);
        falls.AsSpan().CopyTo(_falls);
        _first = 0;
        _count = awaiting.Length;
    }

    private static int DropIndex(PacketDirection direction, PacketDrop reason) => 2 * (int)reason + (int)direction;

    /// <summary>
    /// When INTx first told of a status that was in memory at a cycle: it was up then, or rose later. A packet's
    /// account may come long after, when its frame has left the wire and INTx has fallen and risen again.
    /// </summary>
    private bool TryFindRise(ulong reportedCycle, out ulong riseCycle)
    {
        bool isFound = false;
        riseCycle = 0;
        for (ulong back = 1; back <= Math.Min(_riseCount, RisesMax); back++)
        {
            ulong index = (_riseCount - back) % RisesMax;
            if (_falls[index] < reportedCycle)
            {
                break;
            }

            riseCycle = _rises[index];
            isFound = true;
        }

        return isFound;
    }

    private void CloseFirst(ulong riseCycle)
    {
        (var record, ulong reportedCycle) = _awaiting[_first];
        _first = (_first + 1) % AwaitingMax;
        _count--;
        CloseReported(record, riseCycle == NotReported ? 0 : riseCycle - reportedCycle);
    }

    private void CloseReported(in PacketRecord record, ulong delayCycles)
    {
        if (delayCycles == 0)
        {
            Close(record);
        }
        else
        {
            Close(record with { Stages = record.Stages with { InterruptDelay = delayCycles } });
        }
    }

    private void Close(in PacketRecord record)
    {
        ref var totals = ref _totals[(int)record.Direction];
        if (record.Drop == PacketDrop.None)
        {
            totals = new PacketTotals(
                totals.Packets + 1,
                totals.Bytes + (ulong)record.LengthBytes,
                totals.Drops,
                totals.Stages + record.Stages,
                totals.Packets == 0 ? record.FirstCycle : Math.Min(totals.FirstCycle, record.FirstCycle),
                Math.Max(totals.LastCycle, record.LastCycle));
        }
        else
        {
            totals = totals with { Drops = totals.Drops + 1 };
            _drops[DropIndex(record.Direction, record.Drop)]++;
        }

        Observer?.Completed(record);
    }
}

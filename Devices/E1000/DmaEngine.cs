using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The card's way to memory: it gives the bus to the channels in turn and moves their bytes. The bytes of a transfer move, all at
/// once, at the cycle in which it ends; nobody on either side sees them before.
/// </summary>
/// <remarks>
/// Among those that wait, the bus goes to the one that has waited longest: as a channel has one transfer at a time, none waits for more than
/// one of each other. A card that is no bus master moves nothing: transfers wait, and one that was under way begins anew.
/// </remarks>
public sealed class DmaEngine : IStateful<DmaEngineState>
{
    private readonly IDmaMemory _memory;
    private readonly IGuestClock _clock;
    private readonly EventScheduler _scheduler;
    private readonly Func<bool> _isBusMaster;
    private readonly List<DmaChannel> _channels = [];
    private readonly DmaTotals[] _totals = new DmaTotals[Enum.GetValues<DmaPurpose>().Length];
    private readonly DmaLane _outbound = new(DmaPhase.AwaitingBus, DmaPhase.OnBus);
    private readonly DmaLane _inbound = new(DmaPhase.AwaitingReturn, DmaPhase.Returning);
    private ulong _nextTicket;

    /// <param name="memory">What addresses mean.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="scheduler">Events on that clock.</param>
    /// <param name="timing">The bus.</param>
    /// <param name="isBusMaster">The command register's bit; see <see cref="BusMasterChanged"/>.</param>
    public DmaEngine(
        IDmaMemory memory, IGuestClock clock, EventScheduler scheduler, PciBusTiming timing, Func<bool> isBusMaster)
    {
        _memory = memory;
        _clock = clock;
        _scheduler = scheduler;
        _isBusMaster = isBusMaster;
        Timing = timing;
    }

    public PciBusTiming Timing { get; }

    /// <summary>Cycles for which the bus, or a link's lanes toward memory, were in use since power-on.</summary>
    public ulong OutboundBusyCycles => _outbound.BusyCycles;

    /// <summary>Cycles for which a link's lanes from memory were in use since power-on; zero of a parallel bus.</summary>
    public ulong InboundBusyCycles => _inbound.BusyCycles;

    /// <summary>Makes a channel, at construction of the unit that has it.</summary>
    /// <param name="name">For traces: <c>e1000.tx.fetch</c>.</param>
    /// <param name="purpose">Where its transfers are counted.</param>
    /// <param name="bufferBytes">The buffer's size.</param>
    /// <param name="completed">
    /// Runs when a transfer ends, and may ask for the next. False if nobody answers at the address, or not at all of it: then nothing moved.
    /// </param>
    public DmaChannel CreateChannel(string name, DmaPurpose purpose, int bufferBytes, Action<bool> completed)
    {
        var channel = new DmaChannel(this, name, purpose, bufferBytes, completed, _scheduler);
        _channels.Add(channel);
        return channel;
    }

    /// <summary>What was transferred for a purpose since power-on.</summary>
    public DmaTotals Totals(DmaPurpose purpose) => _totals[(int)purpose];

    /// <summary>To be called when the command register was stored to.</summary>
    public void BusMasterChanged() => Grant(_outbound);

    /// <summary>Drops all transfers: no byte moves, and no callback runs. The totals stay.</summary>
    public void Reset()
    {
        foreach (var channel in _channels)
        {
            channel.Drop();
        }

        foreach (var lane in (ReadOnlySpan<DmaLane>)[_outbound, _inbound])
        {
            lane.IsBusy = false;
            lane.Remainder = 0;
        }
    }

    public DmaEngineState Save()
    {
        var channels = new DmaChannelState[_channels.Count];
        for (int index = 0; index < channels.Length; index++)
        {
            channels[index] = _channels[index].Save();
        }

        return new DmaEngineState(
            new ValueArray<DmaChannelState>(channels),
            new ValueArray<DmaTotals>(_totals),
            _nextTicket,
            _outbound.Remainder,
            _outbound.BusyCycles,
            _inbound.Remainder,
            _inbound.BusyCycles);
    }

    public void Restore(DmaEngineState state)
    {
        (var channels, var totals, _nextTicket, _outbound.Remainder, ulong outboundBusy, _inbound.Remainder, ulong inboundBusy) = state;
        _outbound.BusyCycles = outboundBusy;
        _inbound.BusyCycles = inboundBusy;
        totals.AsSpan().CopyTo(_totals);
        _outbound.IsBusy = false;
        _inbound.IsBusy = false;
        for (int index = 0; index < _channels.Count; index++)
        {
            var channel = _channels[index];
            channel.Restore(channels[index]);
            _outbound.IsBusy |= channel.Phase == _outbound.Having;
            _inbound.IsBusy |= channel.Phase == _inbound.Having;
        }
    }

    internal ulong TakeTicket() => _nextTicket++;

    internal void Begin(DmaChannel channel)
    {
        channel.RequestedCycle = _clock.NowCycles;
        Grant(_outbound);
    }

    internal void EndPhase(DmaChannel channel)
    {
        switch (channel.Phase)
        {
            case DmaPhase.OnBus when Timing.IsSplit && !channel.IsWrite:
                _outbound.IsBusy = false;
                channel.Phase = DmaPhase.InMemory;
                channel.PhaseEnd.ScheduleAt(_clock.NowCycles + _clock.CyclesOf(Timing.MemoryPicoseconds));
                Grant(_outbound);
                break;
            case DmaPhase.OnBus:
                _outbound.IsBusy = false;
                Complete(channel);
                Grant(_outbound);
                break;
            case DmaPhase.InMemory:
                channel.Phase = DmaPhase.AwaitingReturn;
                Grant(_inbound);
                break;
            case DmaPhase.Returning:
                _inbound.IsBusy = false;
                Complete(channel);
                Grant(_inbound);
                break;
        }
    }

    private void Complete(DmaChannel channel)
    {
        if (!_isBusMaster())
        {
            channel.Phase = DmaPhase.AwaitingBus;
            return;
        }

        bool moved = !channel.IsAbort
            && (channel.IsWrite ? _memory.TryWrite(channel.Address, channel.Window) : _memory.TryRead(channel.Address, channel.Window));
        ref var totals = ref _totals[(int)channel.Purpose];
        totals = new DmaTotals(
            totals.Transfers + (moved ? 1ul : 0),
            totals.Failures + (moved ? 0ul : 1),
            totals.Bytes + (moved ? (ulong)channel.Length : 0),
            totals.BusCycles + channel.BusCycles,
            totals.WaitCycles + (channel.StartedCycle - channel.RequestedCycle));
        channel.Phase = DmaPhase.Idle;
        channel.Completed(moved);
    }

    /// <summary>Gives a lane that is free to the channel that has waited longest for it.</summary>
    private void Grant(DmaLane lane)
    {
        if (lane.IsBusy || (lane == _outbound && !_isBusMaster()))
        {
            return;
        }

        DmaChannel? first = null;
        foreach (var channel in _channels)
        {
            if (channel.Phase == lane.Waiting && (first is null || channel.Ticket < first.Ticket))
            {
                first = channel;
            }
        }

        if (first is null)
        {
            return;
        }

        if (lane == _outbound)
        {
            first.StartedCycle = _clock.NowCycles;
            first.IsAbort = !IsClaimed(first);
        }

        ulong cycles = _clock.CyclesOf(PicosecondsOn(lane, first), ref lane.Remainder);
        lane.IsBusy = true;
        lane.BusyCycles += cycles;
        first.BusCycles += cycles;
        first.Phase = lane.Having;
        first.PhaseEnd.ScheduleAt(_clock.NowCycles + cycles);
    }

    private ulong PicosecondsOn(DmaLane lane, DmaChannel channel)
    {
        if (lane == _outbound && Timing.IsSplit)
        {
            // A write is posted: whoever sends it does not learn that nobody took it, and it takes the link all the same.
            return channel.IsWrite
                ? Timing.WritePicoseconds(channel.Address, channel.Length)
                : Timing.RequestPicoseconds(channel.Length);
        }

        if (channel.IsAbort)
        {
            return Timing.AbortPicoseconds;
        }

        return channel.IsWrite
            ? Timing.WritePicoseconds(channel.Address, channel.Length)
            : Timing.CompletionPicoseconds(channel.Address, channel.Length);
    }

    /// <summary>
    /// Whether there is RAM at the address and no wrap to address zero. That the rest of a range is RAM shows when its bytes move.
    /// </summary>
    private bool IsClaimed(DmaChannel channel)
    {
        Span<byte> probe = stackalloc byte[1];
        return channel.Address <= ulong.MaxValue - (ulong)(channel.Length - 1) && _memory.TryRead(channel.Address, probe);
    }
}

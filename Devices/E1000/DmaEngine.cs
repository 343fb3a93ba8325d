using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The card's way to memory: it gives the bus to the channels in turn and moves their bytes. The bytes of a transfer
/// move, all at once, at the cycle in which it ends; nobody on either side sees them before.
/// </summary>
/// <remarks>
/// Among those that wait, the bus goes to the one that has waited longest: as a channel has one transfer at a time,
/// none waits for more than one of each other. A card that is no bus master moves nothing: transfers wait, and one
/// that was under way begins anew.
/// </remarks>
public sealed class DmaEngine : IStateful<DmaEngineState>
{
    private readonly IDmaMemory _memory;
    private readonly IGuestClock _clock;
    private readonly EventScheduler _scheduler;
    private readonly Func<bool> _isBusMaster;
    private readonly List<DmaChannel> _channels = [];
    private readonly DmaTotals[] _totals = new DmaTotals[Enum.GetValues<DmaPurpose>().Length];
    private readonly DmaLane _outbound;
    private readonly DmaLane _inbound;
    private readonly ScheduledEvent _free;
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
        _outbound = new DmaLane(clock);
        _inbound = new DmaLane(clock);
        _free = scheduler.Create("dma.free", Grant);
        Timing = timing;
    }

    public PciBusTiming Timing { get; }

    /// <summary>Cycles for which the bus, or a link's lanes toward memory, were in use since power-on.</summary>
    public ulong OutboundBusyCycles => _outbound.BusyCycles;

    /// <summary>
    /// Cycles for which a link's lanes from memory were in use since power-on; zero of a parallel bus.
    /// </summary>
    public ulong InboundBusyCycles => _inbound.BusyCycles;

    /// <summary>Makes a channel, at construction of the unit that has it.</summary>
    /// <param name="name">For traces: <c>e1000.tx.fetch</c>.</param>
    /// <param name="purpose">Where its transfers are counted.</param>
    /// <param name="bufferBytes">The buffer's size.</param>
    /// <param name="completed">
    /// Runs when a transfer ends, and may ask for the next. False if nobody answers at the address, or not at all of
    /// it: then nothing moved.
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
    public void BusMasterChanged() => Grant();

    /// <summary>Drops all transfers: no byte moves, and no callback runs. The totals stay.</summary>
    public void Reset()
    {
        foreach (var channel in _channels)
        {
            channel.Drop();
        }

        _free.Cancel();
        foreach (var lane in (ReadOnlySpan<DmaLane>)[_outbound, _inbound])
        {
            lane.FreeCycle = 0;
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
            _outbound.FreeCycle,
            _outbound.Remainder,
            _outbound.BusyCycles,
            _inbound.FreeCycle,
            _inbound.Remainder,
            _inbound.BusyCycles);
    }

    public void Restore(DmaEngineState state)
    {
        (var channels, var totals, _nextTicket, _outbound.FreeCycle, _outbound.Remainder, _outbound.BusyCycles, _inbound.FreeCycle,
            _inbound.Remainder, _inbound.BusyCycles) = state;
        totals.AsSpan().CopyTo(_totals);
        for (int index = 0; index < _channels.Count; index++)
        {
            _channels[index].Restore(channels[index]);
        }

        _free.Cancel();
        Grant();
    }

    internal ulong TakeTicket() => _nextTicket++;

    internal void Begin(DmaChannel channel)
    {
        channel.RequestedCycle = _clock.NowCycles;
        Grant();
    }

    internal void End(DmaChannel channel)
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

    /// <summary>Gives the bus, when it is free, to the channel that has waited longest.</summary>
    private void Grant()
    {
        while (FirstWaiting() is { } first)
        {
            if (_outbound.FreeCycle > _clock.NowCycles)
            {
                _free.ScheduleAt(_outbound.FreeCycle);
                return;
            }

            if (!_isBusMaster())
            {
                return;
            }

            first.StartedCycle = _clock.NowCycles;
            first.IsAbort = !IsClaimed(first);
            first.Phase = DmaPhase.UnderWay;
            first.Ended.ScheduleAt(Timing.IsSplit ? GiveLink(first) : GiveBus(first));
        }
    }

    private DmaChannel? FirstWaiting()
    {
        DmaChannel? first = null;
        foreach (var channel in _channels)
        {
            if (channel.Phase == DmaPhase.AwaitingBus && (first is null || channel.Ticket < first.Ticket))
            {
                first = channel;
            }
        }

        return first;
    }

    /// <returns>When the transfer ends.</returns>
    private ulong GiveBus(DmaChannel channel)
    {
        ulong picoseconds = channel.IsAbort
            ? Timing.AbortPicoseconds
            : channel.IsWrite
                ? Timing.WritePicoseconds(channel.Address, channel.Length)
                : Timing.CompletionPicoseconds(channel.Address, channel.Length);
        channel.BusCycles = _outbound.Occupy(_clock.NowCycles, picoseconds);
        return _outbound.FreeCycle;
    }

    /// <summary>
    /// A write is posted: whoever sends it does not learn that nobody took it, and it takes the link all the same.
    /// Memory answers reads in the order of their requests, as all take it equally long, so that the end of the last
    /// completion is known from the start.
    /// </summary>
    /// <returns>When the transfer ends.</returns>
    private ulong GiveLink(DmaChannel channel)
    {
        if (channel.IsWrite)
        {
            channel.BusCycles = _outbound.Occupy(
                _clock.NowCycles, Timing.WritePicoseconds(channel.Address, channel.Length));
            return _outbound.FreeCycle;
        }

        ulong requestCycles = _outbound.Occupy(_clock.NowCycles, Timing.RequestPicoseconds(channel.Length));
        ulong answerCycle = _outbound.FreeCycle + _clock.CyclesOf(Timing.MemoryPicoseconds);
        ulong answerPicoseconds =
            channel.IsAbort ? Timing.AbortPicoseconds : Timing.CompletionPicoseconds(channel.Address, channel.Length);
        channel.BusCycles = requestCycles + _inbound.Occupy(answerCycle, answerPicoseconds);
        return _inbound.FreeCycle;
    }

    /// <summary>
    /// Whether there is RAM at the address and no wrap to address zero. That the rest of a range is RAM shows when its
    /// bytes move.
    /// </summary>
    private bool IsClaimed(DmaChannel channel)
    {
        Span<byte> probe = stackalloc byte[1];
        return channel.Address <= ulong.MaxValue - (ulong)(channel.Length - 1)
            && _memory.TryRead(channel.Address, probe);
    }
}

using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// From the store to TDT to the last bit on the wire: the descriptors on the chip, the packets that they describe, the
/// FIFO, and the three streams of DMA (fetch, payload, write-back), which go on independently.
/// </summary>
/// <remarks>
/// The hardware owns the ring from TDH to before TDT. TDH is the descriptor in progress: it moves when all that the
/// descriptor describes is in the FIFO, before its status is written. A frame leaves only when all of it is in the
/// FIFO (SDM "Packet Transmission"); descriptors are done with, and DD written, when their bytes are there, not when
/// they are on the wire (SDM "Legacy Transmit Descriptor Format", RS).
/// Deviation: TDT, or TDH, outside the ring hands nothing over; the chip would run round the ring for ever.
/// Deviation: a packet whose bytes are not in memory is dropped, and its descriptors end as if it had been sent; the
/// chip would stop.
/// </remarks>
internal sealed partial class TransmitUnit : IStateful<TransmitUnitState>
{
    /// <summary>Descriptors on the chip: those not begun, the present one, and those to be written back.</summary>
    public const int OnChipMax = 64;

    /// <summary>SDM "Legacy Transmit Descriptor Format": the longest packet, without check sequence.</summary>
    public const int PacketBytesMax = 16_288;

    /// <summary>SDM "Transmit Descriptor Format": what of the FIFO no packet can have.</summary>
    private const int FifoReserveBytes = 80;

    private readonly RegisterFile<E1000Register> _registers;
    private readonly IGuestClock _clock;
    private readonly LinkUnit _link;
    private readonly Statistics _statistics;
    private readonly InterruptUnit _interrupts;
    private readonly PacketJournal _journal;
    private readonly DriverAdvice _advice;
    private readonly DriverWatch _watch;
    private readonly E1000Fidelity _fidelity;
    private readonly DmaChannel _fetch;
    private readonly DmaChannel _payload;
    private readonly DmaChannel _writeBack;
    private readonly TransmitFifo _fifo = new();
    private readonly TransmitAccounts _accounts;
    private readonly WireTransmitter _wire;
    private bool _isPumping;

    /// <param name="context">The card.</param>
    /// <param name="destination">Where frames go.</param>
    public TransmitUnit(E1000Context context, IWireDestination destination)
    {
        _registers = context.Registers;
        _clock = context.Clock;
        _link = context.Link;
        _statistics = context.Statistics;
        _interrupts = context.Interrupts;
        _journal = context.Journal;
        _advice = context.Advice;
        _watch = context.Watch;
        _fidelity = context.Options.Fidelity;
        _fetch = context.Dma.CreateChannel(
            $"{context.Name}.tx-fetch",
            DmaPurpose.TransmitDescriptorFetch,
            OnChipMax * TransmitDescriptor.SizeBytes,
            OnFetched);
        _payload = context.Dma.CreateChannel(
            $"{context.Name}.tx-payload",
            DmaPurpose.TransmitPayload,
            PacketBytesMax + TransmitOffload.VlanTagBytes,
            OnPayloadFetched);
        _writeBack = context.Dma.CreateChannel(
            $"{context.Name}.tx-write-back",
            DmaPurpose.TransmitWriteBack,
            OnChipMax * TransmitDescriptor.SizeBytes,
            OnWrittenBack);
        _accounts = new TransmitAccounts(context.Journal);
        _wire = new WireTransmitter(context, _fifo, _accounts, destination, Pump);
        _interrupts.TransmitFlushRequested = Flush;
    }

    /// <summary>STATUS.TXOFF.</summary>
    public bool IsPaused => _wire.IsPaused;

    /// <summary>Frames that wait for the wire, and the one that is on it.</summary>
    public int FifoFrames => _fifo.Count;

    private bool IsEnabled => (_registers[E1000Register.Tctl] & Tctl.Enable) != 0;

    /// <summary>
    /// Without a link the chip does no DMA (Linux "e1000_watchdog", in its e1000 driver).
    /// </summary>
    private bool IsRunning => IsEnabled && _link.IsUp;

    private ulong RingAddress => _registers[E1000Register.Tdbah] << 32 | _registers[E1000Register.Tdbal];

    private int RingDescriptors => (int)(_registers[E1000Register.Tdlen] / TransmitDescriptor.SizeBytes);

    private int Head => (int)_registers[E1000Register.Tdh];

    private int Tail => (int)_registers[E1000Register.Tdt];

    private uint Thresholds => (uint)_registers[E1000Register.Txdctl];

    private int FifoBytes =>
        (int)(Pba.TotalKib - Math.Min((uint)_registers[E1000Register.Pba] & Pba.ReceiveKibMask, Pba.TotalKib)) * 1024;

    /// <summary>The longest packet or segment that is sent.</summary>
    private int LongestBytes => Math.Min(PacketBytesMax, FifoBytes - FifoReserveBytes);

    /// <summary>TCTL was written.</summary>
    public void ControlWritten(ulong old)
    {
        ulong control = _registers[E1000Register.Tctl];
        if ((control & ~old & Tctl.SoftwareXoff) != 0)
        {
            _wire.SendPause((ushort)_registers[E1000Register.Fcttv], isSoftware: true);
        }

        if ((control & ~old & Tctl.Enable) != 0)
        {
            _isHalted = false;
        }

        Pump();
        _wire.Start();
    }

    /// <summary>TXDCTL or PBA was written.</summary>
    public void ThresholdsWritten()
    {
        if (_statuses.Count >= Txdctl.WriteBackDescriptors(Thresholds))
        {
            _statusesDue = _statuses.Count;
        }

        Pump();
    }

    /// <summary>The link went up or down, or changed its speed.</summary>
    public void LinkChanged()
    {
        _wire.LinkChanged();
        Pump();
    }

    /// <summary>The far end asks for a pause of so many slots of 512 bit times; 0 ends one.</summary>
    public void PauseReceived(ushort slots) => _wire.PauseReceived(slots);

    /// <summary>
    /// The receiver wants the far end to pause for so many slots of 512 bit times, or with 0 to go on.
    /// </summary>
    public void SendPause(ushort slots) => _wire.SendPause(slots, isSoftware: false);

    /// <summary>CTRL.RST: what was in the card is lost. The engine is reset besides.</summary>
    public void Reset()
    {
        _onChip.Clear();
        _tails.Clear();
        _knownTail = 0;
        _fetchIndex = 0;
        _fetchCount = 0;
        _isFetchStale = false;
        _isHalted = false;
        _step = TransmitStep.Idle;
        _present = default;
        _isPresentStale = false;
        _left = 0;
        _leftAddress = 0;
        _fetching = 0;
        _packet = default;
        _checksumContext = default;
        _segmentationContext = default;
        Array.Clear(_header);
        _statuses.Clear();
        _statusesDue = 0;
        _statusesWriting = 0;
        _flushLeft = 0;
        _accounts.Clear();
        _fifo.Clear();
        _wire.Reset();
    }

    public TransmitUnitState Save()
    {
        (ulong nextAccount, var freeAccounts, var accounts) = _accounts.Save();
        return new TransmitUnitState(
            _onChip.Save(),
            _tails.Save(),
            _knownTail,
            _fetchIndex,
            _fetchCount,
            _isFetchStale,
            _isHalted,
            _step,
            _present,
            _isPresentStale,
            _left,
            _leftAddress,
            _fetching,
            _packet,
            _checksumContext,
            _segmentationContext,
            new ValueArray<byte>(_header),
            _statuses.Save(),
            _statusesDue,
            _statusesWriting,
            _flushLeft,
            nextAccount,
            freeAccounts,
            accounts,
            _fifo.Save(),
            _wire.Save());
    }

    /// <summary>Clock, registers and engine have to be restored before.</summary>
    public void Restore(TransmitUnitState state)
    {
        (var onChip, var tails, _knownTail, _fetchIndex, _fetchCount, _isFetchStale, _isHalted, _step,
            _present, _isPresentStale,
            _left, _leftAddress, _fetching, _packet, _checksumContext, _segmentationContext, var header, var statuses,
            _statusesDue, _statusesWriting, _flushLeft, ulong nextAccount, var freeAccounts,
            var accounts, var fifo, var wire) = state;
        _onChip.Restore(onChip);
        _tails.Restore(tails);
        header.AsSpan().CopyTo(_header);
        _statuses.Restore(statuses);
        _accounts.Restore(nextAccount, freeAccounts, accounts);
        _fifo.Restore(fifo);
        _wire.Restore(wire);
    }

    /// <summary>Starts whatever can be started; to be called after every change.</summary>
    private void Pump()
    {
        if (_isPumping)
        {
            return;
        }

        _isPumping = true;
        do
        {
            Fetch();
        }
        while (Process());

        WriteBack();
        _isPumping = false;
    }
}

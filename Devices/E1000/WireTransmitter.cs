using System.Buffers.Binary;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// Sends the FIFO's frames one after the other at the wire's speed: preamble, frame, check sequence, and the gap that
/// TIPG and AIT program. PAUSE frames of the card's own go first; one from the far end stops the others.
/// </summary>
/// <remarks>
/// TCTL.EN cleared and a link that goes down let a frame end that has begun; with the link down it is lost. Deviation:
/// there are no collisions, in half duplex neither.
/// </remarks>
internal sealed class WireTransmitter : IStateful<WireTransmitterState>
{
    /// <summary>
    /// Preamble and start-of-frame delimiter (IEEE 802.3 "Preamble and Start Frame Delimiter fields").
    /// </summary>
    public const int PreambleBytes = 8;

    public const int FcsBytes = 4;

    private const int PausesMax = 4;
    private const int PauseFrameBytes = 60;
    private const ulong PauseSlotBytes = 64;
    private const ulong ThrottleUnitPicoseconds = 8_000;
    private const ulong StandardPauseAddress = 0x0180_c200_0001;
    private const ushort StandardControlType = 0x8808;
    private const ushort PauseOpcode = 1;

    private readonly RegisterFile<E1000Register> _registers;
    private readonly IGuestClock _clock;
    private readonly LinkUnit _link;
    private readonly Statistics _statistics;
    private readonly TransmitFifo _fifo;
    private readonly TransmitAccounts _accounts;
    private readonly IWireDestination _destination;
    private readonly Action _roomFreed;
    private readonly ScheduledEvent _phaseEnd;
    private readonly ScheduledEvent _pauseEnd;
    private readonly byte[] _frame = new byte[Pba.TotalKib * 1024];
    private readonly PendingPause[] _pauses = new PendingPause[PausesMax];
    private int _pauseCount;
    private WirePhase _phase;
    private ulong _startCycle;
    private ulong _remainder;
    private ulong _pausedUntilCycle;
    private bool _isCut;
    private bool _isDeferred;

    // The frame that has left and whose gap runs; between a frame's end and its gap's, nothing is in the FIFO of it
    // any more.
    private FifoFrame _leaving;

    /// <param name="context">The card.</param>
    /// <param name="fifo">Where frames come from.</param>
    /// <param name="accounts">Where their time is noted.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="roomFreed">Told when the FIFO has more room.</param>
    public WireTransmitter(
        E1000Context context,
        TransmitFifo fifo,
        TransmitAccounts accounts,
        IWireDestination destination,
        Action roomFreed)
    {
        _registers = context.Registers;
        _clock = context.Clock;
        _link = context.Link;
        _statistics = context.Statistics;
        _fifo = fifo;
        _accounts = accounts;
        _destination = destination;
        _roomFreed = roomFreed;
        _phaseEnd = context.Scheduler.Create($"{context.Name}.wire-out", EndPhase);
        _pauseEnd = context.Scheduler.Create($"{context.Name}.pause", EndPause);
    }

    /// <summary>STATUS.TXOFF: the far end has asked for a pause that is not over.</summary>
    public bool IsPaused => _clock.NowCycles < _pausedUntilCycle;

    private bool IsEnabled => (_registers[E1000Register.Tctl] & Tctl.Enable) != 0;

    private ulong GapPicoseconds =>
        ((_registers[E1000Register.Tipg] & Tipg.TransmitTimeMask) + Tipg.OverheadBytes) * _link.PicosecondsPerByte
        + _registers[E1000Register.Ait] * ThrottleUnitPicoseconds;

    /// <summary>Begins the next frame if there is one and nothing stands in its way.</summary>
    public void Start()
    {
        if (_phase != WirePhase.Idle || !IsEnabled || !_link.IsUp)
        {
            return;
        }

        if (_pauseCount > 0)
        {
            Begin(WirePhase.Pause, PauseFrameBytes + FcsBytes);
        }
        else if (_fifo.Count > 0)
        {
            if (IsPaused)
            {
                Defer();
                return;
            }

            _isDeferred = false;
            Begin(WirePhase.Frame, WireBytes(_fifo.First));
        }
    }

    /// <summary>
    /// Sends a PAUSE frame as soon as the wire is free. Of more than can wait, the newest replaces the one before.
    /// </summary>
    public void SendPause(ushort slots, bool isSoftware)
    {
        if (_pauseCount == PausesMax)
        {
            isSoftware |= _pauses[--_pauseCount].IsSoftware;
        }

        _pauses[_pauseCount++] = new PendingPause(slots, isSoftware);
        Start();
    }

    /// <summary>
    /// The far end asks for a pause (SDM "MAC Control Frames &amp; Reception of Flow Control Packets"): it begins
    /// behind the frame that is on the wire, and a pause of zero ends one.
    /// </summary>
    public void PauseReceived(ushort slots)
    {
        _pausedUntilCycle = slots == 0
            ? 0
            : _clock.NowCycles + _clock.CyclesOf((ulong)slots * PauseSlotBytes * _link.PicosecondsPerByte);
        if (slots == 0)
        {
            _pauseEnd.Cancel();
            Start();
        }
        else
        {
            _pauseEnd.ScheduleAt(_pausedUntilCycle);
        }
    }

    /// <summary>The link went up or down, or changed its speed.</summary>
    public void LinkChanged()
    {
        if (!_link.IsUp)
        {
            _isCut |= _phase is WirePhase.Frame or WirePhase.Pause;
            PauseReceived(0);
        }

        Start();
    }

    /// <summary>The frame on the wire is lost, and nothing follows.</summary>
    public void Reset()
    {
        _phaseEnd.Cancel();
        _pauseEnd.Cancel();
        _phase = WirePhase.Idle;
        _startCycle = 0;
        _remainder = 0;
        _pausedUntilCycle = 0;
        _isCut = false;
        _isDeferred = false;
        _pauseCount = 0;
        _leaving = default;
    }

    public WireTransmitterState Save() => new(
        _phase,
        _startCycle,
        _remainder,
        _phaseEnd.IsScheduled ? _phaseEnd.DeadlineCycles : EventScheduler.Never,
        _pausedUntilCycle,
        _isCut,
        _isDeferred,
        new ValueArray<PendingPause>(_pauses.AsSpan(0, _pauseCount)),
        _leaving);

    public void Restore(WireTransmitterState state)
    {
        (_phase, _startCycle, _remainder, ulong phaseEndCycles, _pausedUntilCycle, _isCut, _isDeferred, var pauses,
            _leaving) = state;
        _pauseCount = pauses.Length;
        pauses.AsSpan().CopyTo(_pauses);
        _phaseEnd.Cancel();
        _pauseEnd.Cancel();
        if (phaseEndCycles != EventScheduler.Never)
        {
            _phaseEnd.ScheduleAt(phaseEndCycles);
        }

        if (IsPaused)
        {
            _pauseEnd.ScheduleAt(_pausedUntilCycle);
        }
    }

    private static int WireBytes(in FifoFrame frame) =>
        frame.LengthBytes + ((frame.Flags & FrameFlags.MissingFcs) != 0 ? 0 : FcsBytes);

    private void Begin(WirePhase phase, int wireBytes)
    {
        _phase = phase;
        _isCut = false;
        _startCycle = _clock.NowCycles;
        ulong cycles = _clock.CyclesOf((ulong)(PreambleBytes + wireBytes) * _link.PicosecondsPerByte, ref _remainder);
        _phaseEnd.ScheduleAt(_startCycle + cycles);
    }

    private void EndPhase()
    {
        switch (_phase)
        {
            case WirePhase.Frame:
                BeginGap(WirePhase.FrameGap);
                EndFrame();
                break;
            case WirePhase.Pause:
                BeginGap(WirePhase.PauseGap);
                EndPauseFrame();
                break;
            case WirePhase.FrameGap:
                _phase = WirePhase.Idle;
                _accounts.LeftWire(
                    _leaving.Number,
                    _startCycle - _leaving.EnteredCycle,
                    _clock.NowCycles - _startCycle,
                    _clock.NowCycles,
                    _isCut ? PacketDrop.LinkDown : PacketDrop.None);
                StartOrRest();
                break;
            case WirePhase.PauseGap:
                _phase = WirePhase.Idle;
                StartOrRest();
                break;
        }
    }

    /// <summary>
    /// Fractions of a cycle count between frames that follow each other; a frame that begins later begins on a cycle.
    /// </summary>
    private void StartOrRest()
    {
        Start();
        if (_phase == WirePhase.Idle)
        {
            _remainder = 0;
        }
    }

    private void BeginGap(WirePhase phase)
    {
        _phase = phase;
        _phaseEnd.ScheduleAt(_clock.NowCycles + _clock.CyclesOf(GapPicoseconds, ref _remainder));
    }

    private void EndFrame()
    {
        _leaving = _fifo.First;
        var frame = _frame.AsSpan(0, _leaving.LengthBytes);
        _fifo.CopyFirst(frame);
        _fifo.RemoveFirst();
        if (!_isCut)
        {
            _statistics.FrameTransmitted(frame, WireBytes(_leaving));
            _destination.FrameLeft(frame, new FrameInfo(_leaving.Flags, _leaving.DescriptorIndex));
        }

        _roomFreed();
    }

    private void EndPauseFrame()
    {
        var pause = _pauses[0];
        _pauses.AsSpan(1).CopyTo(_pauses);
        _pauseCount--;
        if (pause.IsSoftware)
        {
            // SDM "Software Initiated PAUSE Frame Transmission": "self clearing after the PAUSE frame has been
            // transmitted".
            _registers[E1000Register.Tctl] &= ~(ulong)Tctl.SoftwareXoff;
        }

        if (_isCut)
        {
            return;
        }

        _statistics.Count(pause.Slots == 0 ? E1000Register.Xontxc : E1000Register.Xofftxc);
        _statistics.Count(E1000Register.Tpt);
        _statistics.Add(E1000Register.Totl, E1000Register.Toth, PauseFrameBytes + FcsBytes);
        var frame = _frame.AsSpan(0, PauseFrameBytes);
        BuildPause(frame, pause.Slots);
        _destination.FrameLeft(frame, FrameInfo.None);
    }

    /// <summary>
    /// A PAUSE frame from the card's first receive address (IEEE 802.3 "PAUSE operation"). Deviation: a driver that
    /// never wrote FCAL, FCAH and FCT gets the standard's address and type; the chip would send zeros.
    /// </summary>
    private void BuildPause(Span<byte> frame, ushort slots)
    {
        frame.Clear();
        ulong low = _registers[E1000Register.Fcal];
        ulong high = _registers[E1000Register.Fcah];
        if ((low | high) == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(frame, StandardPauseAddress << 16);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)low);
            BinaryPrimitives.WriteUInt16LittleEndian(frame[4..], (ushort)high);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(frame[6..], (uint)_registers[E1000Register.Ral, 0]);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[10..], (ushort)_registers[E1000Register.Rah, 0]);
        ushort type = (ushort)_registers[E1000Register.Fct];
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], type == 0 ? StandardControlType : type);
        BinaryPrimitives.WriteUInt16BigEndian(frame[14..], PauseOpcode);
        BinaryPrimitives.WriteUInt16BigEndian(frame[16..], slots);
    }

    private void EndPause()
    {
        _pausedUntilCycle = 0;
        Start();
    }

    private void Defer()
    {
        if (!_isDeferred)
        {
            _isDeferred = true;
            _statistics.Count(E1000Register.Dc);
        }
    }
}

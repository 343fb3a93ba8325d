using System.Buffers.Binary;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// PAUSE frames (SDM "Flow Control"): it recognises those that arrive, and asks for some when the receive FIFO fills
/// and has emptied.
/// </summary>
internal sealed class FlowControl
{
    private const int OpcodeOffset = ReceiveFilter.TypeOffset + 2;
    private const int SlotsOffset = OpcodeOffset + 2;
    private const ushort PauseOpcode = 1;
    private const ushort MacControlType = 0x8808;

    private static readonly MacAddress PauseAddress = new(0x0180_c200_0001);

    private readonly RegisterFile<E1000Register> _registers;
    private readonly Statistics _statistics;
    private readonly ReceiveFilter _filter;

    public FlowControl(RegisterFile<E1000Register> registers, Statistics statistics, ReceiveFilter filter)
    {
        _registers = registers;
        _statistics = statistics;
        _filter = filter;
    }

    /// <summary>The transmitter is to be silent for so many slots of 512 bit times; 0 ends its silence.</summary>
    public Action<ushort>? PauseReceived { get; set; }

    /// <summary>A PAUSE frame of so many slots is to be sent.</summary>
    public Action<ushort>? PauseWanted { get; set; }

    /// <summary>The FIFO reached the high threshold and has not come down to the low one yet.</summary>
    public bool IsAboveThreshold { get; set; }

    /// <summary>
    /// The slots of a PAUSE frame of ours that leaves the card, for the port at the cable's far end. False if the
    /// frame is none.
    /// </summary>
    public static bool TryReadPause(ReadOnlySpan<byte> frame, out ushort slots)
    {
        slots = 0;
        bool isPause = frame.Length >= SlotsOffset + 2
            && MacAddress.Read(frame) == PauseAddress
            && Word(frame, ReceiveFilter.TypeOffset) == MacControlType
            && Word(frame, OpcodeOffset) == PauseOpcode;
        if (isPause)
        {
            slots = Word(frame, SlotsOffset);
        }

        return isPause;
    }

    /// <summary>
    /// SDM "MAC Control Frames &amp; Reception of Flow Control Packets": the address of FCAL and FCAH or the station's
    /// own, and the type of FCT; with CTRL.RFCE only.
    /// </summary>
    /// <param name="frame">A good frame of legal length.</param>
    public ControlFrame Recognise(ReadOnlySpan<byte> frame)
    {
        bool isControl = (_registers[E1000Register.Ctrl] & Ctrl.ReceiveFlowControl) != 0
            && frame.Length >= SlotsOffset + 2
            && Word(frame, ReceiveFilter.TypeOffset) == ControlType()
            && IsForThisStation(MacAddress.Read(frame));
        if (!isControl)
        {
            return ControlFrame.None;
        }

        return Word(frame, OpcodeOffset) == PauseOpcode ? ControlFrame.Pause : ControlFrame.Other;
    }

    /// <summary>Counts a control frame and does what it says.</summary>
    public void Obey(ControlFrame kind, ReadOnlySpan<byte> frame)
    {
        if (kind == ControlFrame.Other)
        {
            _statistics.Count(E1000Register.Fcruc);
            return;
        }

        ushort slots = Word(frame, SlotsOffset);
        _statistics.Count(slots == 0 ? E1000Register.Xonrxc : E1000Register.Xoffrxc);
        PauseReceived?.Invoke(slots);
    }

    /// <summary>
    /// SDM "Flow Control Receive Threshold High": XOFF when the FIFO gets as full as FCRTH says, and, with XONE, XON
    /// when it has come down to FCRTL. A high threshold of 0 is none.
    /// </summary>
    public void OccupancyChanged(int occupiedBytes)
    {
        uint high = (uint)_registers[E1000Register.Fcrth] & FlowControlThreshold.BytesMask;
        if (!IsAboveThreshold)
        {
            IsAboveThreshold = high != 0 && occupiedBytes >= (int)high;
            if (IsAboveThreshold)
            {
                Send((ushort)_registers[E1000Register.Fcttv]);
            }

            return;
        }

        uint low = (uint)_registers[E1000Register.Fcrtl];
        if (occupiedBytes <= (int)(low & FlowControlThreshold.BytesMask))
        {
            IsAboveThreshold = false;
            if ((low & FlowControlThreshold.SendXon) != 0)
            {
                Send(0);
            }
        }
    }

    /// <summary>
    /// SDM "Transmission of PAUSE Frames": one more if one was sent and the FIFO overflows all the same.
    /// </summary>
    public void Overflowed()
    {
        if (IsAboveThreshold)
        {
            Send((ushort)_registers[E1000Register.Fcttv]);
        }
    }

    private static ushort Word(ReadOnlySpan<byte> frame, int offset) =>
        BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]);

    private bool IsForThisStation(MacAddress address)
    {
        uint low = (uint)_registers[E1000Register.Fcal];
        uint high = (uint)_registers[E1000Register.Fcah];
        var expected = (low | high) == 0 ? PauseAddress : ReceiveFilter.StoredAddress(low, high);
        return address == expected || _filter.IsStation(address);
    }

    /// <summary>Deviation: a driver that never wrote the type, or the address, means the standard's.</summary>
    private ushort ControlType()
    {
        ushort type = (ushort)_registers[E1000Register.Fct];
        return type == 0 ? MacControlType : type;
    }

    private void Send(ushort slots)
    {
        if ((_registers[E1000Register.Ctrl] & Ctrl.TransmitFlowControl) != 0)
        {
            PauseWanted?.Invoke(slots);
        }
    }
}

using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// Looks at register accesses for a driver's mistakes, under <see cref="E1000Fidelity.Lab"/>. What shows only in
/// descriptors is the transmit and receive units' to tell.
/// </summary>
internal sealed class DriverWatch(E1000Context context, PciConfigSpace config)
{
    private const ulong SettlePicoseconds = 1_000_000;

    /// <summary>How long frames may find no descriptor before a driver has forgotten them: 10 ms.</summary>
    private const ulong StarvedPicoseconds = 10_000_000_000;
    private const ulong PicosecondsPerMicrosecond = 1_000_000;

    /// <summary>Loads of a head that a driver may need for a report; more are a test for completion.</summary>
    private const int HeadReadsMax = 16;

    /// <summary>Descriptors given back during one assertion of the interrupt, without a look at its cause.</summary>
    private const int UnacknowledgedMax = 32;

    private const uint TransmitEnable = 1u << 1;
    private const uint ReceiveEnable = 1u << 1;
    private const uint StripCheckSequence = 1u << 26;
    private const int DescriptorBytes = 16;

    private readonly bool _isOn = context.Options.Fidelity == E1000Fidelity.Lab;
    private ulong _settledCycle;
    private ulong _fedCycle;
    private int _headReads;
    private int _unacknowledged;
    private ulong _unreported;

    private bool IsReceiving => (context.Registers[E1000Register.Rctl] & ReceiveEnable) != 0;

    private bool IsTransmitting => (context.Registers[E1000Register.Tctl] & TransmitEnable) != 0;

    /// <summary>CTRL.RST was written: the driver should leave the card alone for a microsecond.</summary>
    public void ResetWritten() => _settledCycle = context.Clock.NowCycles + context.Clock.CyclesOf(SettlePicoseconds);

    /// <summary>A load of a register.</summary>
    public void Read(E1000Register register, uint offset, int sizeBytes)
    {
        if (!_isOn)
        {
            return;
        }

        LookAtAccess(offset, sizeBytes);
        switch (register)
        {
            case E1000Register.Tdh or E1000Register.Rdh when ++_headReads == HeadReadsMax:
                context.Advice.Tell(DriverMistake.HeadPolled, offset);
                break;
            case E1000Register.Icr:
                _unacknowledged = 0;
                break;
        }
    }

    /// <summary>The card is done with a transmit descriptor.</summary>
    /// <param name="index">Which.</param>
    /// <param name="isReported">It has RS.</param>
    public void DescriptorSent(int index, bool isReported)
    {
        _unreported = isReported ? 0 : _unreported + 1;
        if (_isOn && _unreported != 0 && _unreported + 1 == Entries(E1000Register.Tdlen))
        {
            context.Advice.Tell(DriverMistake.ReportStatusMissing, (ulong)index);
        }
    }

    /// <summary>A frame found no receive descriptor.</summary>
    public void ReceiveStarved()
    {
        ulong hungryCycles = context.Clock.NowCycles - _fedCycle;
        if (_isOn && hungryCycles >= context.Clock.CyclesOf(StarvedPicoseconds))
        {
            ulong cyclesPerMicrosecond = context.Clock.CyclesOf(PicosecondsPerMicrosecond);
            context.Advice.Tell(DriverMistake.ReceiveRingStarved, hungryCycles / cyclesPerMicrosecond);
        }
    }

    /// <summary>A store, before it takes effect.</summary>
    /// <param name="register">The register.</param>
    /// <param name="old">Its value.</param>
    /// <param name="value">What was written, in the register's own bit positions.</param>
    /// <param name="offset">Of the access.</param>
    /// <param name="sizeBytes">Of the access.</param>
    public void Written(E1000Register register, ulong old, uint value, uint offset, int sizeBytes)
    {
        if (!_isOn)
        {
            return;
        }

        LookAtAccess(offset, sizeBytes);
        switch (register)
        {
            case E1000Register.Ctrl when (value & Ctrl.PinDirection0) != 0 && (old & Ctrl.PinDirection0) == 0:
                context.Advice.Tell(DriverMistake.ResetBitMistaken);
                break;
            case E1000Register.Ims when value == 0:
                context.Advice.Tell(DriverMistake.InterruptMaskSetWithZero);
                break;
            case E1000Register.Icr or E1000Register.Imc:
                _unacknowledged = 0;
                break;
            case E1000Register.Rctl when (value & ReceiveEnable) != 0 && (old & ReceiveEnable) == 0:
                _fedCycle = context.Clock.NowCycles;
                LookAtReceiver(value);
                break;
            case E1000Register.Tctl when (value & TransmitEnable) != 0 && (old & TransmitEnable) == 0:
                LookAtMaster();
                LookAtTransmitTail((uint)context.Registers[E1000Register.Tdt]);
                break;
            case E1000Register.Rdt when IsReceiving:
                _fedCycle = context.Clock.NowCycles;
                LookAtMaster();
                LookAtReceiveTail(value);
                LookAtAcknowledgement();
                break;
            case E1000Register.Tdt when IsTransmitting:
                LookAtMaster();
                LookAtTransmitTail(value);
                LookAtOvertaking((uint)old, value);
                break;
            case E1000Register.Rdlen or E1000Register.Rdbal or E1000Register.Rdbah or E1000Register.Rdh:
                LookAtReceiveRing(register, value, offset);
                break;
            case E1000Register.Tdlen or E1000Register.Tdbal or E1000Register.Tdbah or E1000Register.Tdh:
                LookAtTransmitRing(register, value, offset);
                break;
        }
    }

    private static ulong Kept(E1000Register register, uint value) => value & E1000Registers.Table[register].WriteMask;

    private ulong Entries(E1000Register length) => context.Registers[length] / DescriptorBytes;

    private void LookAtAccess(uint offset, int sizeBytes)
    {
        if (sizeBytes != sizeof(uint))
        {
            context.Advice.Tell(DriverMistake.PartialRegisterAccess, offset, (ulong)sizeBytes);
        }

        if (context.Clock.NowCycles < _settledCycle)
        {
            context.Advice.Tell(DriverMistake.AccessedTooSoonAfterReset, offset);
        }
    }

    private void LookAtMaster()
    {
        if (!config.IsBusMaster)
        {
            context.Advice.Tell(DriverMistake.BusMasterDisabled);
        }
    }

    private void LookAtAcknowledgement()
    {
        _unacknowledged = context.Interrupts.IsAsserted ? _unacknowledged + 1 : 0;
        if (_unacknowledged == UnacknowledgedMax)
        {
            context.Advice.Tell(DriverMistake.InterruptNotAcknowledged, UnacknowledgedMax);
        }
    }

    private void LookAtReceiver(uint control)
    {
        LookAtMaster();
        LookAtReceiveTail((uint)context.Registers[E1000Register.Rdt]);
        if ((control & StripCheckSequence) == 0)
        {
            context.Advice.Tell(DriverMistake.CheckSequenceNotStripped);
        }
    }

    private void LookAtReceiveTail(uint tail)
    {
        ulong entries = Entries(E1000Register.Rdlen);
        if (entries == 0)
        {
            return;
        }

        if (tail >= entries)
        {
            context.Advice.Tell(DriverMistake.ReceiveTailOutsideRing, tail, entries);
        }
        else if (tail == context.Registers[E1000Register.Rdh])
        {
            context.Advice.Tell(DriverMistake.ReceiveRingEmpty, tail);
        }
    }

    private void LookAtTransmitTail(uint tail)
    {
        ulong entries = Entries(E1000Register.Tdlen);
        if (entries != 0 && tail >= entries)
        {
            context.Advice.Tell(DriverMistake.TransmitTailOutsideRing, tail, entries);
        }
    }

    /// <summary>From the head to one before it there is room for all entries but one.</summary>
    private void LookAtOvertaking(uint oldTail, uint tail)
    {
        ulong entries = Entries(E1000Register.Tdlen);
        ulong head = context.Registers[E1000Register.Tdh];
        if (tail >= entries || oldTail >= entries || head >= entries)
        {
            return;
        }

        ulong waiting = (oldTail + entries - head) % entries;
        ulong added = (tail + entries - oldTail) % entries;
        if (waiting + added >= entries)
        {
            context.Advice.Tell(DriverMistake.TransmitTailOvertakesHead, tail, head);
        }
    }

    private void LookAtReceiveRing(E1000Register register, uint value, uint offset)
    {
        if (IsReceiving)
        {
            context.Advice.Tell(DriverMistake.ReceiveRingChangedWhileEnabled, offset);
        }

        if (Kept(register, value) != value && register == E1000Register.Rdlen)
        {
            context.Advice.Tell(DriverMistake.ReceiveRingLengthTruncated, value, Kept(register, value));
        }
        else if (Kept(register, value) != value && register == E1000Register.Rdbal)
        {
            context.Advice.Tell(DriverMistake.ReceiveRingBaseTruncated, value, Kept(register, value));
        }
    }

    private void LookAtTransmitRing(E1000Register register, uint value, uint offset)
    {
        if (IsTransmitting)
        {
            context.Advice.Tell(DriverMistake.TransmitRingChangedWhileEnabled, offset);
        }

        if (Kept(register, value) != value && register == E1000Register.Tdlen)
        {
            context.Advice.Tell(DriverMistake.TransmitRingLengthTruncated, value, Kept(register, value));
        }
        else if (Kept(register, value) != value && register == E1000Register.Tdbal)
        {
            context.Advice.Tell(DriverMistake.TransmitRingBaseTruncated, value, Kept(register, value));
        }
    }
}

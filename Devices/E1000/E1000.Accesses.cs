using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.E1000;

/// <summary>Loads and stores, by the memory window and by the I/O window.</summary>
public sealed partial class E1000
{
    // SDM "I/O-Mapped Internal Register, Internal Memory, and Flash": an address register and a data register.
    private const uint IoDataOffset = 4;
    private const uint IoAddressMask = 0xfffff;

    /// <inheritdoc/>
    public BusStatus ReadBar(int barIndex, uint offset, int sizeBytes, out uint value)
    {
        if (!TryLocate(barIndex, offset, out uint at))
        {
            return PeekBar(barIndex, offset, sizeBytes, out value);
        }

        value = ReadRegister(at, sizeBytes);
        return BusStatus.Ok;
    }

    /// <inheritdoc/>
    public BusStatus WriteBar(int barIndex, uint offset, int sizeBytes, uint value)
    {
        if (TryLocate(barIndex, offset, out uint at))
        {
            WriteRegister(at, sizeBytes, value);
        }
        else if (offset < IoDataOffset)
        {
            int shift = 8 * (int)offset;
            uint mask = uint.MaxValue >> (32 - 8 * sizeBytes) << shift;
            _ioAddress = ((_ioAddress & ~mask) | (value << shift & mask)) & IoAddressMask;
        }

        return BusStatus.Ok;
    }

    /// <inheritdoc/>
    public BusStatus PeekBar(int barIndex, uint offset, int sizeBytes, out uint value)
    {
        if (TryLocate(barIndex, offset, out uint at))
        {
            value = E1000Registers.Table.TryFindForRead(at, out var hit) ? (uint)hit.Extract(Value(hit), sizeBytes) : 0;
        }
        else
        {
            value = offset < IoDataOffset ? _ioAddress >> 8 * (int)offset : 0;
            value &= uint.MaxValue >> (32 - 8 * sizeBytes);
        }

        return BusStatus.Ok;
    }

    /// <summary>
    /// The register's offset, of an access that reaches one: in the I/O window only what goes to IODATA does.
    /// </summary>
    private bool TryLocate(int barIndex, uint offset, out uint at)
    {
        at = offset;
        if (barIndex == E1000Configuration.MemoryBar)
        {
            return true;
        }

        at = (_ioAddress & ~3u) + (offset - IoDataOffset);
        return offset is >= IoDataOffset and < IoDataOffset + 4 && _ioAddress < E1000Registers.MemoryBytes;
    }

    /// <summary>
    /// A load of a part of a register has the whole load's effects: on the bus, a card sees which register is read, and
    /// delivers all of it.
    /// </summary>
    private uint ReadRegister(uint offset, int sizeBytes)
    {
        _journal.RegisterRead();
        if (!E1000Registers.Table.TryFindForRead(offset, out var hit))
        {
            if (!E1000Registers.Table.TryFindForWrite(offset, out _))
            {
                _advice.Tell(DriverMistake.UnknownRegisterRead, offset);
            }

            return 0;
        }

        _watch.Read(hit.Id, offset, sizeBytes);
        uint value = (uint)hit.Extract(Value(hit), sizeBytes);
        ActOnRead(hit);
        return value;
    }

    /// <summary>A store of a part of a register changes the bytes that it has.</summary>
    private void WriteRegister(uint offset, int sizeBytes, uint value)
    {
        _journal.RegisterWritten();
        if (!E1000Registers.Table.TryFindForWrite(offset, out var hit))
        {
            if (!E1000Registers.Table.TryFindForRead(offset, out _))
            {
                _advice.Tell(DriverMistake.UnknownRegisterWritten, offset);
            }

            return;
        }

        if (hit.Id == E1000Register.CtrlDup)
        {
            E1000Registers.Table.TryFindForWrite(offset - 4, out hit);
        }

        ulong old = _registers[hit.Id, hit.Element];
        ulong written = hit.Spec.WriteMask & hit.LaneMask(sizeBytes) & ((ulong)value << (8 * hit.ByteOffset));
        _watch.Written(hit.Id, old, (uint)((ulong)value << (8 * hit.ByteOffset)), offset, sizeBytes);
        _registers.Write(hit, sizeBytes, value);
        ActOnWrite(hit.Id, old, (uint)written);
    }

    private ulong Value(in RegisterHit<E1000Register> hit) => hit.Id switch
    {
        E1000Register.CtrlDup => _registers[E1000Register.Ctrl],
        E1000Register.Status => _link.StatusBits | (_transmit.IsPaused ? Status.TransmitOff : 0),
        _ => _registers[hit.Id, hit.Element],
    };

    private void ActOnRead(in RegisterHit<E1000Register> hit)
    {
        switch (hit.Id)
        {
            case E1000Register.Icr:
                _interrupts.Acknowledge(InterruptCauses.All);
                break;
            case E1000Register.Gorch:
            case E1000Register.Gotch:
            case E1000Register.Torh:
            case E1000Register.Toth:
                _registers[hit.Id] = 0;
                _registers[hit.Id - 1] = 0;
                break;
            default:
                if (hit.Spec.Access.ClearsOnRead())
                {
                    _registers[hit.Id] = 0;
                }

                break;
        }
    }

    /// <summary>What a store does besides changing the stored value.</summary>
    /// <param name="register">The register.</param>
    /// <param name="old">Its value before.</param>
    /// <param name="written">The bits written as ones that the register takes.</param>
    private void ActOnWrite(E1000Register register, ulong old, uint written)
    {
        switch (register)
        {
            case E1000Register.Ctrl:
                WriteControl();
                break;
            case E1000Register.CtrlExt:
                WriteExtendedControl();
                break;
            case E1000Register.Eecd:
                _eeprom.ControlWritten(old);
                break;
            case E1000Register.Eerd:
                _eeprom.ReadWritten();
                break;
            case E1000Register.Mdic:
                _link.ManagementWritten();
                break;
            case E1000Register.Icr:
            case E1000Register.Ims:
            case E1000Register.Itr:
                _interrupts.Update();
                break;
            case E1000Register.Ics:
                _registers[register] = 0;
                _interrupts.Raise((InterruptCauses)written);
                break;
            case E1000Register.Imc:
                _registers[register] = 0;
                _interrupts.Mask((InterruptCauses)written);
                break;
            case E1000Register.Rdtr:
                _registers[register] &= Rdtr.DelayMask;
                if ((written & Rdtr.FlushPartialDescriptor) != 0)
                {
                    _interrupts.FlushReceive();
                }

                break;
            case E1000Register.Pba:
                WritePacketBufferAllocation();
                _transmit.ThresholdsWritten();
                break;
            case E1000Register.Tctl:
                _transmit.ControlWritten(old);
                break;
            case E1000Register.Txdctl:
                _transmit.ThresholdsWritten();
                break;
            case E1000Register.Tdbal:
            case E1000Register.Tdbah:
            case E1000Register.Tdlen:
            case E1000Register.Tdh:
                _transmit.RingWritten();
                break;
            case E1000Register.Tdt:
                _transmit.TailWritten();
                break;
            case E1000Register.Rctl:
                _link.ControlWritten();
                _receiver.ControlWritten((uint)old);
                break;
            case E1000Register.Rdt:
                _receiver.TailWritten();
                break;
            case E1000Register.Rdbal:
            case E1000Register.Rdbah:
            case E1000Register.Rdlen:
            case E1000Register.Rdh:
                _receiver.RingWritten();
                break;
        }
    }

    private void WriteControl()
    {
        if ((_registers[E1000Register.Ctrl] & Ctrl.Reset) != 0)
        {
            ResetByControl();
        }
        else
        {
            _link.ControlWritten();
        }
    }

    private void WriteExtendedControl()
    {
        ref ulong value = ref _registers[E1000Register.CtrlExt];
        if ((value & CtrlExt.EepromReset) != 0)
        {
            value &= ~(ulong)CtrlExt.EepromReset;
            _eeprom.Reset(takesTime: true);
            LoadConfiguration();
        }
    }

    private void WritePacketBufferAllocation()
    {
        ref ulong value = ref _registers[E1000Register.Pba];
        uint receive = (uint)value & Pba.ReceiveKibMask;
        value = receive | (receive < Pba.TotalKib ? Pba.TotalKib - receive : 0) << 16;
    }
}

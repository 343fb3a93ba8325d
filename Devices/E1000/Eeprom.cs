using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The serial EEPROM of 64 words, and the two ways to it: EERD reads a word; through EECD a driver drives its pins
/// itself, and may write it too, once EE_REQ was answered by EE_GNT (SDM "EEPROM Interface").
/// </summary>
internal sealed class Eeprom : IStateful<EepromState>
{
    // A Microwire clock of 1 MHz. A read is a start bit, 2 of instruction, 6 of address, a zero and 16 of data.
    private const ulong PicosecondsPerBit = 1_000_000;
    private const ulong BitsPerRead = 26;

    /// <summary>
    /// Words that the chip reads by itself after a reset: addresses, initialisation control, identities.
    /// </summary>
    private const ulong AutoReadWords = 16;

    private const int InstructionBits = 9;
    private const int DataBits = 16;

    private readonly RegisterFile<E1000Register> _registers;
    private readonly IGuestClock _clock;
    private readonly ScheduledEvent _grant;
    private readonly ScheduledEvent _read;
    private readonly ushort[] _words = new ushort[EepromImage.WordCount];
    private uint _shiftRegister;
    private int _shiftCount;
    private uint _outputRegister;
    private int _outputCount;
    private bool _isWriteEnabled;
    private bool _isGranted;
    private ulong _autoReadEndCycle;

    public Eeprom(
        string name,
        MacAddress mac,
        RegisterFile<E1000Register> registers,
        IGuestClock clock,
        EventScheduler scheduler)
    {
        _registers = registers;
        _clock = clock;
        _grant = scheduler.Create($"{name}.eeprom-grant", Grant);
        _read = scheduler.Create($"{name}.eeprom-read", FinishRead);
        EepromImage.Fill(_words, mac);
    }

    /// <summary>The card's address, as the words hold it now.</summary>
    public MacAddress Mac
    {
        get
        {
            Span<byte> bytes = stackalloc byte[MacAddress.SizeBytes];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(_words[i / 2] >> 8 * (i % 2));
            }

            return MacAddress.Read(bytes);
        }
    }

    /// <summary>To be called after EECD was written.</summary>
    /// <param name="old">Its value before.</param>
    public void ControlWritten(ulong old)
    {
        ref ulong eecd = ref _registers[E1000Register.Eecd];
        if ((eecd & Eecd.Request) == 0)
        {
            _isGranted = false;
            _grant.Cancel();
        }
        else if (!_isGranted && !_grant.IsScheduled)
        {
            Arbitrate();
        }

        if (_isGranted)
        {
            DrivePins((uint)old, (uint)eecd);
        }

        UpdateControl();
    }

    /// <summary>To be called after EERD was written: START begins a read, which DONE ends.</summary>
    public void ReadWritten()
    {
        ref ulong eerd = ref _registers[E1000Register.Eerd];
        if ((eerd & Eerd.Start) != 0)
        {
            eerd &= Eerd.Start | Eerd.AddressMask;
            ulong start = Math.Max(_clock.NowCycles, _autoReadEndCycle);
            _read.ScheduleAt(start + _clock.CyclesOf(BitsPerRead * PicosecondsPerBit));
        }
    }

    /// <summary>
    /// CTRL.RST, CTRL_EXT.EE_RST or power-on: what was under way ends, and the chip reads its configuration.
    /// </summary>
    /// <param name="takesTime">False at power-on, which was long ago when the first instruction runs.</param>
    public void Reset(bool takesTime)
    {
        _shiftRegister = 0;
        _shiftCount = 0;
        _outputRegister = 0;
        _outputCount = 0;
        _isGranted = false;
        _grant.Cancel();
        _read.Cancel();
        _autoReadEndCycle = takesTime
            ? _clock.NowCycles + _clock.CyclesOf(AutoReadWords * BitsPerRead * PicosecondsPerBit)
            : 0;
    }

    public EepromState Save() => new(
        new ValueArray<ushort>(_words),
        _shiftRegister,
        _shiftCount,
        _outputRegister,
        _outputCount,
        _isWriteEnabled,
        _isGranted,
        _grant.IsScheduled ? _grant.DeadlineCycles : EventScheduler.Never,
        _read.IsScheduled ? _read.DeadlineCycles : EventScheduler.Never,
        _autoReadEndCycle);

    public void Restore(EepromState state)
    {
        (var words, _shiftRegister, _shiftCount, _outputRegister, _outputCount, _isWriteEnabled, _isGranted,
            ulong grantCycles, ulong readCycles, _autoReadEndCycle) = state;
        words.AsSpan().CopyTo(_words);
        Schedule(_grant, grantCycles);
        Schedule(_read, readCycles);
    }

    private static void Schedule(ScheduledEvent item, ulong cycles)
    {
        if (cycles == EventScheduler.Never)
        {
            item.Cancel();
        }
        else
        {
            item.ScheduleAt(cycles);
        }
    }

    private void Arbitrate()
    {
        if (_clock.NowCycles >= _autoReadEndCycle)
        {
            Grant();
        }
        else
        {
            _grant.ScheduleAt(_autoReadEndCycle);
        }
    }

    private void Grant()
    {
        _isGranted = true;
        UpdateControl();
    }

    private void FinishRead()
    {
        ref ulong eerd = ref _registers[E1000Register.Eerd];
        ulong address = (eerd & Eerd.AddressMask) >> Eerd.AddressShift;
        ulong word = _words[address % EepromImage.WordCount];
        eerd = (eerd & Eerd.AddressMask) | Eerd.Done | word << Eerd.DataShift;
    }

    private void DrivePins(uint old, uint now)
    {
        if ((now & Eecd.ChipSelect) == 0)
        {
            _shiftRegister = 0;
            _shiftCount = 0;
            _outputCount = 0;
            return;
        }

        if ((old & Eecd.Clock) == 0 && (now & Eecd.Clock) != 0)
        {
            ShiftIn((now & Eecd.DataIn) != 0);
        }
    }

    /// <summary>A rising edge of the clock, as an NM93C46 takes it.</summary>
    private void ShiftIn(bool bit)
    {
        if (_outputCount > 0)
        {
            _outputCount = Math.Max(1, _outputCount - 1);
            return;
        }

        if (_shiftCount == 0 && !bit)
        {
            return;
        }

        _shiftRegister = _shiftRegister << 1 | (bit ? 1u : 0);
        _shiftCount++;
        if (_shiftCount == InstructionBits)
        {
            StartInstruction();
        }
        else if (_shiftCount == InstructionBits + DataBits)
        {
            Store();
        }
    }

    private void StartInstruction()
    {
        int address = (int)(_shiftRegister & 0x3f);
        switch (_shiftRegister >> 6 & 3)
        {
            case 2:
                // A zero first, then the word.
                _outputRegister = _words[address];
                _outputCount = 1 + DataBits;
                break;
            case 3:
                Erase(address, count: 1);
                break;
            case 0 when address >> 4 == 3:
                _isWriteEnabled = true;
                break;
            case 0 when address >> 4 == 0:
                _isWriteEnabled = false;
                break;
            case 0 when address >> 4 == 2:
                Erase(0, EepromImage.WordCount);
                break;
        }
    }

    private void Erase(int address, int count)
    {
        if (_isWriteEnabled)
        {
            _words.AsSpan(address, count).Fill(0xffff);
        }
    }

    private void Store()
    {
        uint instruction = _shiftRegister >> DataBits;
        int address = (int)(instruction & 0x3f);
        uint code = instruction >> 6 & 3;
        if (!_isWriteEnabled)
        {
            return;
        }

        if (code == 1)
        {
            _words[address] = (ushort)_shiftRegister;
        }
        else if (code == 0 && address >> 4 == 1)
        {
            _words.AsSpan().Fill((ushort)_shiftRegister);
        }
    }

    /// <summary>
    /// DO is high while the EEPROM does not drive it: there is a pull-up, and so it also says ready after a write.
    /// </summary>
    private void UpdateControl()
    {
        ref ulong eecd = ref _registers[E1000Register.Eecd];
        bool output = _outputCount == 0 || (_outputRegister >> (_outputCount - 1) & 1) != 0;
        eecd = (eecd & ~(ulong)(Eecd.DataOut | Eecd.Grant))
            | (output ? Eecd.DataOut : 0)
            | (_isGranted ? Eecd.Grant : 0);
    }
}

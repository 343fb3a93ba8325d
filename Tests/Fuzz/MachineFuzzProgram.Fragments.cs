using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Fuzz;

/// <content>The pieces that the guest's code is made of.</content>
internal sealed partial class MachineFuzzProgram
{
    private static readonly int[] CsrNumbers = [.. CsrNames.Numbers];

    private void WriteFragment()
    {
        switch (random.Next(40))
        {
            case < 16:
                RandomInstructions(random.Next(1, 6));
                break;
            case < 18:
                _code.Raw((uint)random.NextInt64(1L << 32), random.Next(2) == 0 ? 2 : 4);
                break;
            case < 25:
                TouchMemory();
                break;
            case < 29:
                TouchCsr();
                break;
            case < 31:
                NotifyQueue();
                break;
            case 31:
                ChangePageTable();
                break;
            case 32 or 33:
                ChangeMode();
                break;
            case 34:
                ReserveAndStore();
                break;
            case 35:
                ChangeCode();
                break;
            case 36:
                _code.Emit(random.Next(2) == 0 ? "wfi" : "fence.i");
                break;
            case 37:
                SetTimer();
                break;
            case 38 when random.Next(3) == 0:
                _code.Store(MemoryMap.Finisher.Base, random.Next(3) switch { 0 => 0x5555, 1 => 0x7777, _ => 0x1_3333 }, 4);
                break;
            case 38:
                _code.Store(MemoryMap.Uart.Base + (ulong)(random.Next(2) * random.Next(8)), InterestingValue(), 1);
                break;
            default:
                _code.Emit("jal", random.Next(32), immediate: 2 * random.Next(-2000, 2000));
                break;
        }
    }

    private void RandomInstructions(int count)
    {
        for (int i = 0; i < count; i++)
        {
            var row = InstructionTable.Rows[random.Next(InstructionTable.Rows.Count)];
            _code.Raw(row.Match | ((uint)random.NextInt64(1L << 32) & ~row.Mask), row.LengthBytes);
        }
    }

    private void TouchMemory()
    {
        ulong address = InterestingAddress();
        _code.Constant(10, address);
        _code.Constant(11, InterestingValue());
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int offset = random.Next(3) == 0 ? random.Next(-16, 16) : 0;
            string[] loads = ["lb", "lbu", "lh", "lhu", "lw", "lwu", "ld"], stores = ["sb", "sh", "sw", "sd"];
            if (random.Next(2) == 0)
            {
                _code.Emit(loads[random.Next(loads.Length)], random.Next(12, 28), 10, immediate: offset);
            }
            else
            {
                _code.Emit(stores[random.Next(stores.Length)], 0, 10, 11, offset);
            }
        }
    }

    private void TouchCsr()
    {
        int number = random.Next(5) == 0 ? random.Next(4096) : CsrNumbers[random.Next(CsrNumbers.Length)];

        // A guest without its handler, or with PMP locked against itself, only traps from then on.
        bool isFatal = number is CsrNumber.Mtvec or CsrNumber.Stvec || number is >= CsrNumber.Pmpcfg0 and < CsrNumber.Pmpaddr0;
        if (isFatal && random.Next(10) != 0)
        {
            return;
        }

        ulong value = number == CsrNumber.Satp && random.Next(4) != 0 ? RootOf((ulong)random.Next(8, 11)) : InterestingValue();
        _code.Constant(11, value);
        string[] forms = ["csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci"];
        _code.Emit(forms[random.Next(forms.Length)], random.Next(12, 28), 11, immediate: number);
    }

    /// <summary>Sets a queue up as a driver would, more or less, and rings its bell.</summary>
    private void NotifyQueue()
    {
        int slot = diskSlots.Length > 0 && random.Next(8) != 0
            ? diskSlots[random.Next(diskSlots.Length)]
            : random.Next(MemoryMap.Virtio.Count);
        ulong ring = Rings + (ulong)random.Next(RingCount) * 3 * PageBytes;
        if (random.Next(8) == 0)
        {
            ring = InterestingAddress();
        }

        _code.Constant(10, MemoryMap.Virtio.At(slot).Base);
        Register(0x70, 0);
        Register(0x70, 3);
        Register(0x24, 1);
        Register(0x20, legacyVirtio ? 0u : 1);
        Register(0x70, 11);
        Register(0x28, PageBytes);
        Register(0x30, 0);
        Register(0x38, random.Next(4) == 0 ? InterestingValue() : 8);
        if (legacyVirtio)
        {
            Register(0x3c, random.Next(4) == 0 ? InterestingValue() : PageBytes);
            Register(0x40, ring >> 12);
        }
        else
        {
            Register(0x80, ring);
            Register(0x84, ring >> 32);
            Register(0x90, ring + 2048);
            Register(0x94, ring >> 32);
            Register(0xa0, ring + PageBytes);
            Register(0xa4, ring >> 32);
            Register(0x44, 1);
        }

        Register(0x70, 15);
        Register(0x50, 0);
        Register(0x64, 3);

        void Register(int offset, ulong value)
        {
            if (random.Next(40) != 0)
            {
                _code.Constant(11, (uint)value);
                _code.Emit("sw", rs1: 10, rs2: 11, immediate: offset);
            }
        }
    }

    private void ChangePageTable()
    {
        _code.Store(Tables + (ulong)random.Next(TableCount * 512) * sizeof(ulong), RandomEntry(), 8);
        if (random.Next(2) == 0)
        {
            _code.Emit("sfence.vma", rs1: random.Next(2) * 10, rs2: random.Next(2) * 11);
        }
    }

    private void ChangeMode()
    {
        _code.Constant(10, Code + (ulong)random.Next((int)CodeBytes));
        _code.Emit("csrrw", 0, 10, immediate: CsrNumber.Mepc);
        _code.Constant(10, 0x1800);
        _code.Emit("csrrc", 0, 10, immediate: CsrNumber.Mstatus);
        _code.Constant(10, ((ulong)random.Next(4) << 11) | ((ulong)random.NextInt64() & 0xe_61aa));
        _code.Emit("csrrs", 0, 10, immediate: CsrNumber.Mstatus);
        _code.Emit("mret");
    }

    private void ReserveAndStore()
    {
        string width = random.Next(2) == 0 ? ".w" : ".d";
        _code.Constant(10, random.Next(3) == 0 ? InterestingAddress() : DataAddress() & ~7UL);
        _code.Emit("lr" + width, 12, 10);
        RandomInstructions(random.Next(3));
        _code.Emit("sc" + width, 13, 10, 12);
        _code.Emit("amoadd" + width, 14, 10, 12);
    }

    private void ChangeCode()
    {
        var row = InstructionTable.Rows[random.Next(InstructionTable.Rows.Count)];
        _code.Store(Code + (ulong)random.Next((int)CodeBytes), row.Match | ((uint)random.Next() & ~row.Mask), 4);
    }

    private void SetTimer()
    {
        ulong hart = (ulong)random.Next(harts);
        _code.Constant(11, (ulong)random.Next(100));
        _code.Emit("csrrs", 12, immediate: CsrNumber.Time);
        _code.Emit("add", 11, 11, 12);
        _code.Emit("csrrw", 0, 11, immediate: CsrNumber.Stimecmp);
        _code.Constant(10, MemoryMap.Clint.Base + 0x4000 + 8 * hart);
        _code.Emit("sd", rs1: 10, rs2: 11);
        _code.Store(MemoryMap.Clint.Base + 4 * hart, (ulong)random.Next(2), 4);
    }

    private ulong DataAddress() => Ram + (ulong)random.Next((int)MachineFuzzCase.MemoryBytes);

    private ulong InterestingAddress()
    {
        switch (random.Next(10))
        {
            case 0:
                return (ulong)random.NextInt64() << random.Next(2);
            case 1:
                ulong[] places = [0, 1UL << 38, ulong.MaxValue << 38, 1UL << 56, ulong.MaxValue - 7, VacantAddress, Ram + MachineFuzzCase.MemoryBytes];
                return places[random.Next(places.Length)] + (ulong)random.Next(-8, 9);
            case 2 or 3:
                return DataAddress();
        }

        var region = MemoryMap.All[random.Next(MemoryMap.All.Count)];
        ulong size = region.Name == MemoryMap.Ram.Name ? MachineFuzzCase.MemoryBytes : region.SizeBytes * (ulong)region.Count;
        ulong offset = random.Next(6) switch
        {
            0 => (ulong)random.Next(-8, 9),
            1 => size + (ulong)random.Next(-8, 9),
            2 => (ulong)random.NextInt64((long)size),
            3 => (ulong)random.NextInt64((long)size) & ~0xfffUL,
            _ => (ulong)random.Next((int)Math.Min(size, 0x200)) & ~(ulong)(random.Next(4) == 0 ? 0 : 3),
        };
        if (region.Name == MemoryMap.Plic.Name && random.Next(2) == 0)
        {
            // Enables, thresholds and claims lie far from the priorities.
            ulong context = (ulong)random.Next(2 * harts + 1);
            offset = random.Next(3) switch { 0 => 0x2000 + 0x80 * context, 1 => 0x20_0000 + 0x1000 * context, _ => 0x20_0004 + 0x1000 * context };
        }

        return region.Base + offset;
    }

    private ulong InterestingValue() => random.Next(8) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << random.Next(64),
        3 => (ulong)random.Next(256),
        4 => InterestingAddress(),
        5 => DataAddress(),
        _ => (ulong)random.NextInt64() << random.Next(2),
    };
}

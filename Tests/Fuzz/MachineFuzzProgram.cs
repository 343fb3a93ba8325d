using System.Buffers.Binary;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// A guest made of noise that keeps going: random instructions of every kind, broken by fragments that do something
/// particular to devices, rings, page tables, CSRs and modes. Its trap handlers step over what faults, and after a wild jump
/// continue somewhere else, in a random mode.
/// </summary>
/// <param name="random">Draws everything.</param>
/// <param name="harts">Harts of the machine.</param>
/// <param name="legacyVirtio">What its virtio slots speak.</param>
/// <param name="diskSlots">The slots that have disks.</param>
internal sealed partial class MachineFuzzProgram(Random random, int harts, bool legacyVirtio, int[] diskSlots)
{
    /// <summary>Nothing answers here; QEMU has flash.</summary>
    public const ulong VacantAddress = 0x2000_0000;

    private const ulong Ram = 0x8000_0000;
    private const ulong PageBytes = 4096;
    private const ulong MachineHandler = Ram + 0x800;
    private const ulong SupervisorHandler = Ram + 0xc00;
    private const ulong Code = Ram + 0x1_0000;
    private const ulong CodeBytes = 0x1_0000;
    private const ulong Tables = Ram + 0x2_0000;
    private const int TableCount = 16;
    private const ulong Rings = Ram + 0x3_0000;
    private const int RingCount = 8;

    private readonly ulong _mode = (ulong)random.Next(8, 11);
    private GuestCodeWriter _code = null!;
    private byte[] _ram = null!;

    /// <summary>Fills both memories, which are empty.</summary>
    public void Write(byte[] rom, byte[] ram)
    {
        _ram = ram;
        random.NextBytes(ram.AsSpan(0x4_0000, 0x2_0000));
        var start = new GuestCodeWriter(rom, MemoryMap.BootRom.Base);
        start.Constant(5, Ram);
        start.Emit("jalr", rs1: 5);

        _code = new GuestCodeWriter(ram, Ram);
        WriteEntry();
        WriteHandlers();
        WritePageTables();
        WriteRings();
        _code.Address = Code;
        NotifyQueue();
        while (_code.Address < Code + CodeBytes - 1024)
        {
            WriteFragment();
        }
    }

    private void WriteEntry()
    {
        SetCsr(CsrNumber.Mtvec, MachineHandler);
        SetCsr(CsrNumber.Stvec, SupervisorHandler);
        SetCsr(CsrNumber.Mcounteren, random.Next(4) == 0 ? 0 : ulong.MaxValue);
        SetCsr(CsrNumber.Scounteren, ulong.MaxValue);
        SetCsr(CsrNumber.Medeleg, random.Next(2) == 0 ? 0 : (ulong)random.NextInt64());
        SetCsr(CsrNumber.Mideleg, random.Next(2) == 0 ? 0 : (ulong)random.NextInt64());
        if (random.Next(4) != 0)
        {
            SetCsr(CsrNumber.Pmpaddr0, ulong.MaxValue);
            SetCsr(CsrNumber.Pmpcfg0, 0x1f);
        }

        SetCsr(CsrNumber.Menvcfg, random.Next(2) == 0 ? ulong.MaxValue : (ulong)random.NextInt64());
        SetCsr(CsrNumber.Satp, RootOf(_mode));
        SetCsr(CsrNumber.Mie, random.Next(2) == 0 ? 0x80 : ulong.MaxValue);
        SetCsr(CsrNumber.Mstatus, 0x6000 | 0x88 | ((ulong)random.NextInt64() & 0xc_0122));
        _code.Emit("csrrs", 6, immediate: CsrNumber.Mhartid);
        _code.Emit("slli", 6, 6, immediate: 12);
        _code.Constant(7, Code);
        _code.Emit("add", 6, 6, 7);
        _code.Emit("jalr", rs1: 6);
    }

    private void SetCsr(int number, ulong value)
    {
        _code.Constant(5, value);
        _code.Emit("csrrw", 0, 5, immediate: number);
    }

    private void WriteHandlers()
    {
        _code.Address = MachineHandler;
        _code.Emit("csrrs", 30, immediate: CsrNumber.Mcause);
        _code.Emit("addi", 31, immediate: 3);
        _code.Emit("bgeu", rs1: 30, rs2: 31, immediate: 0x100 - 8);
        ElsewhereFromMachineMode(randomMode: true);

        _code.Address = MachineHandler + 0x100;
        _code.Emit("blt", rs1: 30, immediate: 0x80);
        _code.Emit("addi", 31, immediate: 12);
        _code.Emit("beq", rs1: 30, rs2: 31, immediate: 0x200 - 0x108);
        _code.Emit("csrrs", 31, immediate: CsrNumber.Mepc);
        _code.Emit("addi", 31, 31, immediate: 4);
        _code.Emit("csrrw", 0, 31, immediate: CsrNumber.Mepc);
        _code.Emit("mret");

        // An interrupt: the next tick, some thousand cycles on.
        _code.Address = MachineHandler + 0x180;
        _code.Constant(30, MemoryMap.Clint.Base + 0x4000);
        _code.Emit("csrrs", 29, immediate: CsrNumber.Mhartid);
        _code.Emit("slli", 29, 29, immediate: 3);
        _code.Emit("add", 30, 30, 29);
        _code.Emit("csrrs", 31, immediate: CsrNumber.Time);
        _code.Emit("addi", 31, 31, immediate: 30);
        _code.Emit("sd", rs1: 30, rs2: 31);
        ElsewhereFromMachineMode(randomMode: true);

        // A fetch that no page allows: only machine mode is sure to get on.
        _code.Address = MachineHandler + 0x200;
        ElsewhereFromMachineMode(randomMode: false);

        _code.Address = SupervisorHandler;
        _code.Emit("csrrs", 30, immediate: CsrNumber.Scause);
        _code.Emit("addi", 31, immediate: 12);
        _code.Emit("bgeu", rs1: 30, rs2: 31, immediate: 20);
        _code.Emit("csrrs", 31, immediate: CsrNumber.Sepc);
        _code.Emit("addi", 31, 31, immediate: 4);
        _code.Emit("csrrw", 0, 31, immediate: CsrNumber.Sepc);
        _code.Emit("sret");
        CodeAddressByClock(CsrNumber.Cycle);
        _code.Emit("csrrw", 0, 31, immediate: CsrNumber.Sepc);
        _code.Emit("csrrci", 0, 31, immediate: CsrNumber.Sie);
        _code.Emit("sret");
    }

    private void ElsewhereFromMachineMode(bool randomMode)
    {
        _code.Constant(31, 0x1800);
        _code.Emit(randomMode ? "csrrc" : "csrrs", 0, 31, immediate: CsrNumber.Mstatus);
        if (randomMode)
        {
            _code.Emit("csrrs", 30, immediate: CsrNumber.Mcycle);
            _code.Emit("slli", 30, 30, immediate: 9);
            _code.Emit("and", 30, 30, 31);
            _code.Emit("csrrs", 0, 30, immediate: CsrNumber.Mstatus);
        }

        CodeAddressByClock(CsrNumber.Mcycle);
        _code.Emit("csrrw", 0, 31, immediate: CsrNumber.Mepc);
        _code.Emit("mret");
    }

    /// <summary>x31: an even place in the code that the clock picks; uses x30.</summary>
    private void CodeAddressByClock(int csr)
    {
        _code.Emit("csrrs", 31, immediate: csr);
        _code.Emit("slli", 31, 31, immediate: 6);
        _code.Constant(30, CodeBytes - 4);
        _code.Emit("and", 31, 31, 30);
        _code.Constant(30, Code);
        _code.Emit("add", 31, 31, 30);
    }

    /// <summary>The first three tables are roots that map low memory and RAM where they are; the rest is noise.</summary>
    private void WritePageTables()
    {
        for (int table = 0; table < TableCount; table++)
        {
            for (int index = 0; index < 512; index++)
            {
                SetEntry(table, index, random.Next(4) == 0 ? RandomEntry() : 0);
            }
        }

        ulong user = random.Next(2) == 0 ? 0x10UL : 0;
        SetEntry(0, 0, 0xcf);
        SetEntry(0, 2, (Ram >> 2) | 0xcf | user);
        SetEntry(1, 0, (Tables >> 2) | 1);
        SetEntry(2, 0, ((Tables + PageBytes) >> 2) | 1);
    }

    private void SetEntry(int table, int index, ulong entry) =>
        BinaryPrimitives.WriteUInt64LittleEndian(
            _ram.AsSpan((int)(Tables - Ram) + table * (int)PageBytes + index * sizeof(ulong)), entry);

    private ulong RandomEntry() => random.Next(6) switch
    {
        0 => (ulong)random.NextInt64() | 1,
        1 => ((Tables + (ulong)random.Next(TableCount) * PageBytes) >> 2) | 1UL,
        2 => (InterestingAddress() >> 12 << 10) | 0xc7,
        3 => ((ulong)random.NextInt64(1L << 44) << 10) | (uint)random.Next(256),
        _ => ((Ram + (ulong)random.Next(256) * PageBytes) >> 2) | (uint)random.Next(256) | 1UL,
    };

    private static ulong RootOf(ulong mode) => (mode << 60) | ((Tables >> 12) + (mode - 8));

    /// <summary>Descriptor tables and rings that are half sensible.</summary>
    private void WriteRings()
    {
        for (int ring = 0; ring < RingCount; ring++)
        {
            var page = _ram.AsSpan((int)(Rings - Ram) + ring * 3 * (int)PageBytes, 3 * (int)PageBytes);
            for (int descriptor = 0; descriptor < 64; descriptor++)
            {
                var entry = page[(descriptor * 16)..];
                BinaryPrimitives.WriteUInt64LittleEndian(entry, random.Next(8) == 0 ? InterestingAddress() : DataAddress());
                BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], random.Next(6) switch
                {
                    0 => (uint)random.Next(),
                    1 => 1,
                    2 => 0,
                    3 => 16,
                    _ => 512,
                });
                BinaryPrimitives.WriteUInt16LittleEndian(entry[12..], (ushort)random.Next(random.Next(5) == 0 ? 65536 : 4));
                BinaryPrimitives.WriteUInt16LittleEndian(entry[14..], (ushort)random.Next(random.Next(5) == 0 ? 65536 : 8));
            }

            // Descriptors 0 to 2, and mostly 4 to 6, are a request: header, data, status.
            for (int head = 0; head < 8; head += 4)
            {
                ulong header = Rings + (ulong)ring * 3 * PageBytes + 3072;
                if (head == 0 || random.Next(3) != 0)
                {
                    SetDescriptor(page, head, header, 16, 1, head + 1);
                    SetDescriptor(page, head + 1, DataAddress(), random.Next(4) * 512, random.Next(2) == 0 ? 3 : 1, head + 2);
                    SetDescriptor(page, head + 2, header + 32, 1, 2, 0);
                }

                BinaryPrimitives.WriteUInt32LittleEndian(page[3072..], (uint)random.Next(random.Next(4) == 0 ? 16 : 2));
                BinaryPrimitives.WriteUInt64LittleEndian(page[3080..], (ulong)random.Next(34));
            }

            // Legacy puts the driver's ring right behind the descriptors of a queue of 8; modern is told where it is.
            foreach (int available in (int[])[128, 2048])
            {
                for (int at = 0; at < 20; at++)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(page[(available + 2 * at)..], (ushort)(random.Next(4) == 0 ? random.Next(10) : 4 * random.Next(2)));
                }
            }
        }
    }

    private static void SetDescriptor(Span<byte> table, int index, ulong address, int length, int flags, int next)
    {
        var entry = table[(index * 16)..];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, address);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], (uint)length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[12..], (ushort)flags);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[14..], (ushort)next);
    }
}

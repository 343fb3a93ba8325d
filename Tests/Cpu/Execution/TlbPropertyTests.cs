using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Cpu.Mmu;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cpu.Execution;

/// <summary>
/// Loads and stores under Sv39 with every cache in place, against <see cref="PlainWalker"/>, which has none. Page tables, satp
/// and mstatus change between them at random, with the fences that the manual asks for.
/// </summary>
internal sealed unsafe class TlbPropertyTests
{
    private const ulong Ram = BareMachine.RamBase;
    private const ulong Code = Ram + 0x800;
    private const ulong Handler = Ram + 0x400;
    private const ulong FirstRoot = Ram + 0x1_0000;
    private const ulong TableBytes = 0x1000;
    private const int Roots = 2, Tables = 8;
    private const ulong FirstData = Ram + 0x2_0000;
    private const int DataPages = 8;
    private const int Steps = 4_000;
    private const int ValueRegister = 11, AddressRegister = 10;
    private const ulong Mprv = 1UL << 17, Sum = 1UL << 18, Mxr = 1UL << 19, Mpp = 3UL << 11;

    [Test]
    public void Every_access_is_what_a_walk_from_the_root_gives([Range(1, 4)] int seed)
    {
        var world = new World(seed, WalkerMistake.None, fences: true);
        Assert.That(world.FirstDifference(), Is.Null);
        Assert.That(world.Completed, Is.GreaterThan(Steps / 20), "accesses that went through");
        Assert.That(world.Faulted, Is.GreaterThan(Steps / 20), "and that did not");
    }

    [TestCase(WalkerMistake.IgnoresSum)]
    [TestCase(WalkerMistake.IgnoresMxr)]
    [TestCase(WalkerMistake.StoresLeaveDirty)]
    public void The_comparison_notices_a_mistake(WalkerMistake mistake) =>
        Assert.That(new World(1, mistake, fences: true).FirstDifference(), Is.Not.Null);

    [Test]
    public void Without_fences_it_notices_that_something_is_cached() =>
        Assert.That(new World(1, WalkerMistake.None, fences: false).FirstDifference(), Is.Not.Null);

    /// <summary>One machine and what ought to be in its memory.</summary>
    private sealed class World(int seed, WalkerMistake mistake, bool fences)
    {
        private readonly Random _random = new(seed);
        private readonly Dictionary<ulong, ulong> _memory = [];
        private readonly PlainPmp _pmp = new([0x1f], [ulong.MaxValue >> 10]);

        /// <summary>The first four entries of each table: the addresses reach no others.</summary>
        private static IEnumerable<ulong> UsedEntries =>
            from table in Enumerable.Range(0, Tables)
            from index in Enumerable.Range(0, 4)
            select FirstRoot + (ulong)table * TableBytes + 8UL * (ulong)index;

        public int Completed { get; private set; }

        public int Faulted { get; private set; }

        public string? FirstDifference()
        {
            using var guest = new BareMachine(
                new Program().Label("here").Jump("here"), new MachineSetup { MemoryBytes = 1 << 20 });
            guest.State()->Mtvec = Handler;
            SetCsr(guest, 0x3b0, ulong.MaxValue >> 10);
            SetCsr(guest, 0x3a0, 0x1f);
            for (ulong address = FirstRoot; address < FirstData + DataPages * 0x1000; address += 8)
            {
                Write(guest, address, address >= FirstData ? (ulong)_random.NextInt64() : RandomEntry(address));
            }

            for (int step = 0; step < Steps; step++)
            {
                Change(guest);
                if (Access(guest) is { } difference)
                {
                    return $"step {step}: {difference}";
                }
            }

            return null;
        }

        /// <summary>Root, then middle and last tables: mostly pointers above, leaves below, and everything else now and then.</summary>
        private ulong RandomEntry(ulong address)
        {
            ulong table = (address - FirstRoot) / TableBytes;
            int kind = _random.Next(10);
            if (table < 5 && kind < 7)
            {
                ulong first = table < Roots ? 2UL : 5;
                ulong next = FirstRoot + (first + (ulong)_random.Next(3)) * TableBytes;
                return (next >> 2) | 1;
            }

            ulong target = table < Roots ? Ram : table < 5 ? Ram : FirstData + (ulong)_random.Next(DataPages) * 0x1000;
            ulong flags = (ulong)(uint)_random.Next(256) | (kind == 9 ? 0 : 1UL);
            if (table < 5 && (flags & 0xe) == 0)
            {
                // A pointer would lead to a table that the test does not keep track of.
                flags |= 2;
            }

            return (target >> 2) | flags;
        }

        private void Change(BareMachine guest)
        {
            switch (_random.Next(8))
            {
                case 0:
                    ulong bits = (ulong)_random.NextInt64() & (Mprv | Sum | Mxr | Mpp);
                    bits = (bits & Mpp) == 2UL << 11 ? bits & ~Mpp : bits;
                    SetCsr(guest, 0x300, (guest.State()->Mstatus & ~(Mprv | Sum | Mxr | Mpp)) | bits | Mprv);
                    break;
                case 1:
                    ulong mode = _random.Next(6) == 0 ? 0 : 8UL << 60;
                    ulong asid = (ulong)_random.Next(2) << 44;
                    SetCsr(guest, 0x180, mode | asid | ((FirstRoot + (ulong)_random.Next(Roots) * TableBytes) >> 12));
                    break;
                case 2:
                    // A leaf table's entry: the fence may name its page, for a page that has it; or everything.
                    ulong leaf = FirstRoot + 5 * TableBytes + (ulong)_random.Next(3) * TableBytes + 8UL * (ulong)_random.Next(4);
                    Write(guest, leaf, RandomEntry(leaf));
                    Fence(guest, all: true, 0);
                    break;
                case 3:
                    ulong any = FirstRoot + (ulong)_random.Next(Tables) * TableBytes + 8UL * (ulong)_random.Next(4);
                    Write(guest, any, RandomEntry(any));
                    Fence(guest, all: true, 0);
                    break;
                case 4:
                    ChangeLeafOf(guest, RandomAddress());
                    break;
            }
        }

        /// <summary>Changes the last entry of one address's walk, and fences every address that shares the entry, by address.</summary>
        private void ChangeLeafOf(BareMachine guest, ulong address)
        {
            ulong table = FirstRoot + (5 + (address >> 21) % 3) * TableBytes;
            ulong entry = table + ((address >> 12) & 0x1ff) * 8;
            Write(guest, entry, RandomEntry(entry));
            for (ulong gigabyte = 0; gigabyte < 4; gigabyte++)
            {
                for (ulong middle = 0; middle < 4; middle++)
                {
                    Fence(guest, all: false, (gigabyte << 30) | (middle << 21) | (address & 0x3000));
                }
            }
        }

        private void Fence(BareMachine guest, bool all, ulong address)
        {
            if (fences)
            {
                guest.State()->X[AddressRegister] = address;
                Execute(guest, Encoder.Encode("sfence.vma", rs1: all ? 0 : AddressRegister));
            }
        }

        private ulong RandomAddress() => _random.Next(20) == 0
            ? (ulong)_random.NextInt64() * 2
            : ((ulong)_random.Next(4) << 30) + ((ulong)_random.Next(4) << 21) + ((ulong)_random.Next(4) << 12)
                + (ulong)(8 * _random.Next(512));

        private string? Access(BareMachine guest)
        {
            var s = guest.State();
            bool store = _random.Next(3) == 0;
            ulong address = RandomAddress(), value = (ulong)_random.NextInt64();

            // A bare store could land in the code; at a data page it is harmless.
            bool machine = (s->Mstatus & Mprv) == 0 || (s->Mstatus & Mpp) == Mpp;
            bool bare = machine || s->Satp >> 60 == 0;
            if (bare)
            {
                address = FirstData + (ulong)(8 * _random.Next(DataPages * 512));
            }

            ulong physical = address;
            int? cause = null;
            if (!bare)
            {
                var oracle = new PlainWalker(_memory, _pmp, 3, s->Satp & ((1UL << 44) - 1), adue: true, mistake);
                var kind = store ? AccessKind.Store : AccessKind.Load;
                var before = UsedEntries.ToDictionary(static where => where, where => _memory[where]);
                var answer = oracle.Translate(
                    address, kind, (s->Mstatus & Mpp) == 0, (s->Mstatus & Sum) != 0, (s->Mstatus & Mxr) != 0);
                (cause, physical) = (answer.Cause, answer.Address);
                if (cause is null && (physical < FirstData || !_memory.ContainsKey(physical)))
                {
                    // Superpages show all of RAM and what lies behind it. Not accessed, so nothing is marked either.
                    foreach (var (where, entry) in before)
                    {
                        _memory[where] = entry;
                    }

                    return null;
                }
            }

            s->X[AddressRegister] = address;
            s->X[ValueRegister] = value;
            string what = $"{(store ? "store" : "load")} 0x{address:x} mstatus 0x{s->Mstatus:x} satp 0x{s->Satp:x}";
            bool done = Execute(guest, store
                ? Encoder.Encode("sd", rs1: AddressRegister, rs2: ValueRegister)
                : Encoder.Encode("ld", rd: ValueRegister, rs1: AddressRegister));
            if (cause is not null)
            {
                Faulted++;
                bool agrees = !done && s->Mcause == (ulong)cause && s->Mtval == address;
                RestoreMachineMode(guest, s->Mstatus);
                return agrees ? null : $"{what}: expected cause {cause}";
            }

            if (!done)
            {
                return $"{what}: trapped with cause {s->Mcause}";
            }

            Completed++;
            if (store)
            {
                _memory[physical] = value;
            }

            ulong seen = store ? guest.Peek(physical) : s->X[ValueRegister];
            if (seen != _memory[physical])
            {
                return $"{what}: 0x{seen:x} at 0x{physical:x}, expected 0x{_memory[physical]:x}";
            }

            foreach (ulong where in UsedEntries)
            {
                if (guest.Peek(where) != _memory[where])
                {
                    return $"{what}: the entry at 0x{where:x} is 0x{guest.Peek(where):x}, expected 0x{_memory[where]:x}";
                }
            }

            return null;
        }

        /// <summary>A trap set MPP to M; the next change of mstatus chooses another.</summary>
        private void RestoreMachineMode(BareMachine guest, ulong status) =>
            SetCsr(guest, 0x300, (status & ~Mpp) | ((ulong)_random.Next(2) << 11) | Mprv);

        private void Write(BareMachine guest, ulong address, ulong value)
        {
            _memory[address] = value;
            guest.Poke(address, value);
        }

        private static void SetCsr(BareMachine guest, int number, ulong value)
        {
            guest.State()->X[ValueRegister] = value;
            Execute(guest, Encoder.Encode("csrrw", rs1: ValueRegister, immediate: number));
        }

        private static bool Execute(BareMachine guest, uint encoding)
        {
            var s = guest.State();
            guest.Machine.Harts[0].Ram.TryWrite(Code, BitConverter.GetBytes(encoding));
            s->Pc = Code;
            ulong retired = s->Instret;
            guest.Run(1);
            return s->Instret == retired + 1;
        }
    }
}

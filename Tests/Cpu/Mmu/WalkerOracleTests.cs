using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Tests.Cpu.Mmu;

/// <summary>
/// Random page tables, addresses, modes and PMP, translated by the walker and by <see cref="PlainWalker"/>.
/// </summary>
internal sealed class WalkerOracleTests
{
    private const int Worlds = 250;
    private const int AccessesEach = 120;
    private const ulong RamBase = 0x8000_0000;
    private const int TablePages = 6;

    /// <summary>
    /// Each table repeats so few entries that random addresses share them and see each other's A and D bits.
    /// </summary>
    private const int DistinctEntries = 8;

    private static readonly AccessKind[] s_kinds = [AccessKind.Load, AccessKind.Store, AccessKind.Fetch];

    private Dictionary<string, int> _seen = [];

    [Test]
    public void The_walker_agrees_with_the_oracle_and_leaves_the_same_tables_behind()
    {
        Assert.That(Compare(WalkerMistake.None), Is.Empty);

        string[] interesting =
        [
            "cause 1", "cause 5", "cause 7", "cause 12", "cause 13", "cause 15",
            "level 0", "level 1", "level 2", "level 3", "level 4",
        ];
        Assert.That(_seen.Keys, Is.SupersetOf(interesting), "the random worlds must reach every outcome");
    }

    [Test]
    public void The_comparison_notices_every_mistake([Values] WalkerMistake mistake)
    {
        if (mistake != WalkerMistake.None)
        {
            Assert.That(Compare(mistake), Is.Not.Empty);
        }
    }

    private List<string> Compare(WalkerMistake mistake)
    {
        _seen = [];
        var differences = new List<string>();
        using var memory = new GuestMemory("ram", new AddressRange(RamBase, 1 << 20), writable: true);
        var bus = new SystemBus();
        bus.Map(memory);
        for (int seed = 0; seed < Worlds && differences.Count == 0; seed++)
        {
            CompareWorld(new Random(seed), seed, bus, memory, mistake, differences);
        }

        return differences;
    }

    private void CompareWorld(
        Random random, int seed, SystemBus bus, GuestMemory memory, WalkerMistake mistake, List<string> differences)
    {
        int levels = 3 + seed % 3;
        bool adue = random.Next(4) != 0;
        var s = new HartState { Menvcfg = adue ? 1UL << 61 : 0 };
        var pmp = ProgramPmp(random, ref s);
        var doublewords = FillTables(random, memory, levels);
        s.Satp = ((ulong)(levels + 5) << 60) | ((ulong)random.Next(0x10000) << 44) | (RamBase >> 12);
        var oracle = new PlainWalker(doublewords, pmp, levels, RamBase >> 12, adue, mistake);

        for (int i = 0; i < AccessesEach && differences.Count == 0; i++)
        {
            ulong va = RandomAddress(random, levels);
            var kind = s_kinds[random.Next(3)];
            bool user = random.Next(2) == 0, sum = random.Next(2) == 0, mxr = random.Next(2) == 0;
            var expected = oracle.Translate(va, kind, user, sum, mxr);
            var effective = user ? PrivilegeMode.User : PrivilegeMode.Supervisor;
            var actual = Walker.Translate(ref s, bus, va, kind, effective, sum, mxr);
            Count(expected);
            if (!Agree(expected, actual))
            {
                differences.Add($"seed {seed}: {kind} at 0x{va:x} from {effective}: expected {expected}, got {actual}");
            }

            // What a debugger sees asks for no permission, so it can only see more.
            bool seen = PageTableReader.TryTranslate(bus, s.Satp, va, out var page);
            if (expected.Cause is null
                && !(seen && page.PageShift == 12 + 9 * expected.LeafLevel
                    && page.PhysicalAddress + (va - page.VirtualAddress) == expected.Address))
            {
                differences.Add($"seed {seed}: 0x{va:x} is read at {(seen ? page : null)}, expected {expected}");
            }
        }

        foreach (var (address, value) in doublewords)
        {
            ulong actual = memory.ReadUnchecked(address, 8);
            if (actual != value)
            {
                differences.Add($"seed {seed}: entry at 0x{address:x}: expected 0x{value:x}, got 0x{actual:x}");
                return;
            }
        }
    }

    private static bool Agree(PlainTranslation expected, TranslationResult actual) =>
        expected.Cause is { } cause
            ? actual.IsFault && actual.Cause == (ulong)cause
            : !actual.IsFault
                && actual.PhysicalAddress == expected.Address
                && actual.PageShift == 12 + 9 * expected.LeafLevel
                && actual.Writable == expected.Writable
                && actual.Dirty == expected.Dirty;

    private void Count(PlainTranslation expected)
    {
        string outcome = expected.Cause is { } cause ? $"cause {cause}" : $"level {expected.LeafLevel}";
        _seen[outcome] = _seen.GetValueOrDefault(outcome) + 1;
    }

    /// <summary>Everything open, or with a hole over one or more table pages, closed to reads or to writes.</summary>
    private static PlainPmp ProgramPmp(Random random, ref HartState s)
    {
        var config = new byte[HartState.PmpEntryCount];
        var address = new ulong[HartState.PmpEntryCount];
        if (random.Next(2) == 0)
        {
            config[0] = (byte)(0x18 | new[] { 0, 1, 4 }[random.Next(3)]);
            address[0] = (RamBase + ((ulong)random.Next(1, TablePages) << 12) + 0x7FF) >> 2;
        }

        config[1] = 0x1F;
        address[1] = Pmp.AddressWritable;
        for (int entry = 0; entry < 2; entry++)
        {
            Pmp.WriteAddress(ref s, entry, address[entry]);
        }

        Pmp.WriteConfig(ref s, 0, BitConverter.ToUInt64(config));
        return new PlainPmp(config, address);
    }

    private static Dictionary<ulong, ulong> FillTables(Random random, GuestMemory memory, int levels)
    {
        var doublewords = new Dictionary<ulong, ulong>();
        for (int page = 0; page < TablePages; page++)
        {
            ulong[] entries = [.. Enumerable.Range(0, DistinctEntries).Select(_ => RandomEntry(random, page, levels))];
            for (int slot = 0; slot < 512; slot++)
            {
                ulong address = RamBase + (ulong)page * 4096 + (ulong)slot * 8;
                doublewords[address] = entries[slot % DistinctEntries];
                memory.WriteUnchecked(address, 8, entries[slot % DistinctEntries]);
            }
        }

        return doublewords;
    }

    /// <summary>
    /// Mostly well-formed entries with one thing wrong now and then. Page k of the tables points to page k + 1, so that
    /// walks reach every level; the pages beyond are the last level's.
    /// </summary>
    private static ulong RandomEntry(Random random, int page, int levels)
    {
        ulong flags = random.Next(20) == 0 ? 0UL : 1;
        bool pointer = page < levels - 1 && random.Next(3) != 0;
        if (!pointer)
        {
            flags |= (ulong)new[] { 1, 3, 4, 5, 7, 2, 6 }[random.Next(20) == 0 ? random.Next(7) : random.Next(5)] << 1;
            flags |= (ulong)random.Next(2) << 4 | (ulong)random.Next(2) << 6 | (ulong)random.Next(2) << 7;
        }
        else if (random.Next(12) == 0)
        {
            flags |= 1UL << new[] { 4, 6, 7, 2 }[random.Next(4)];
        }

        flags |= (ulong)random.Next(2) << 5 | (ulong)random.Next(4) << 8;
        if (random.Next(25) == 0)
        {
            flags |= 1UL << random.Next(54, 64);
        }

        ulong target = pointer
            ? (RamBase >> 12) + (ulong)Math.Min(page + 1, TablePages - 1)
            : RandomFrame(random, Math.Max(0, levels - 1 - page));
        if (pointer && random.Next(25) == 0)
        {
            target = (ulong)random.NextInt64(1L << 44);
        }

        return target << 10 | flags;
    }

    /// <summary>A page number aligned as a leaf of this level needs, but for one in eight.</summary>
    private static ulong RandomFrame(Random random, int level)
    {
        ulong frame = (ulong)random.NextInt64(1L << 44);
        return random.Next(8) == 0 ? frame : frame >> (9 * level) << (9 * level);
    }

    private static ulong RandomAddress(Random random, int levels)
    {
        int bits = 12 + 9 * levels;
        ulong va = ((ulong)random.NextInt64() << 1) | (uint)random.Next(2);
        bool canonical = random.Next(15) != 0;
        return canonical ? (ulong)((long)(va << (64 - bits)) >> (64 - bits)) : va;
    }
}

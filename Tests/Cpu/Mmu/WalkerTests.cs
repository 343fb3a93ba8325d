using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Tests.Cpu.Mmu;

/// <summary>Single translations with tables built by hand.</summary>
internal sealed class WalkerTests
{
    private const ulong RamBase = 0x8000_0000;
    private const ulong RomBase = 0x1000;
    private const ulong Valid = 1;
    private const ulong Read = 2;
    private const ulong Write = 4;
    private const ulong Accessed = 64;
    private const ulong Dirty = 128;

    private readonly SystemBus _bus = new();
    private GuestMemory _ram = null!;
    private GuestMemory _rom = null!;
    private HartState _s;

    [OneTimeSetUp]
    public void MapMemory()
    {
        _ram = new GuestMemory("ram", new AddressRange(RamBase, 1 << 20), writable: true);
        _rom = new GuestMemory("rom", new AddressRange(RomBase, 0x1000), writable: false);
        _bus.Map(_ram);
        _bus.Map(_rom);
    }

    [OneTimeTearDown]
    public void Unmap()
    {
        _ram.Dispose();
        _rom.Dispose();
    }

    /// <summary>
    /// Sv39 with its root at the start of RAM, the next tables in the two pages after it, and PMP open.
    /// </summary>
    [SetUp]
    public void EnableSv39()
    {
        _s = default;
        _s.Menvcfg = 1UL << 61;
        _s.Satp = (8UL << 60) | (RamBase >> 12);
        Pmp.WriteAddress(ref _s, 0, Pmp.AddressWritable);
        Pmp.WriteConfig(ref _s, 0, 0x1F);
        _ram.TryWrite(RamBase, new byte[0x3000]);
    }

    [Test]
    public void A_store_to_a_fresh_page_sets_A_and_D_and_a_load_only_A()
    {
        Map4K(Valid | Read | Write);

        var load = Translate(0x1234, AccessKind.Load);
        Assert.That((load.IsFault, load.PhysicalAddress, load.PageShift), Is.EqualTo((false, 0x8004_5234UL, 12)));
        Assert.That((load.Writable, load.Dirty), Is.EqualTo((true, false)), "a later store has to walk");
        Assert.That(Leaf & 0xFF, Is.EqualTo(Valid | Read | Write | Accessed));

        var store = Translate(0x1234, AccessKind.Store);
        Assert.That((store.IsFault, store.Dirty), Is.EqualTo((false, true)));
        Assert.That(Leaf & 0xFF, Is.EqualTo(Valid | Read | Write | Accessed | Dirty));
        Assert.That(Translate(0x1234, AccessKind.Load).Dirty, Is.True);
    }

    [Test]
    public void Marking_an_entry_goes_through_the_one_write_path()
    {
        Map4K(Valid | Read | Write);
        var observer = new RecordingObserver();
        _ram.Observer = observer;
        _ram.Watch(2);

        Translate(0x1000, AccessKind.Load);
        Translate(0x1000, AccessKind.Load);

        _ram.Unwatch(2);
        _ram.Observer = null;
        Assert.That(observer.Writes, Is.EqualTo(new[] { (LeafAddress, 8UL) }), "one write, for the first load only");
    }

    [TestCase(AccessKind.Load, 0UL)]
    [TestCase(AccessKind.Store, Accessed)]
    public void Without_ADUE_an_unmarked_page_faults_and_is_left_alone(AccessKind kind, ulong marks)
    {
        Map4K(Valid | Read | Write | marks);
        _s.Menvcfg = 0;

        Assert.That(Translate(0x1000, kind).Cause,
            Is.EqualTo(kind == AccessKind.Load ? TrapCause.LoadPageFault : TrapCause.StorePageFault));
        Assert.That(Leaf & 0xFF, Is.EqualTo(Valid | Read | Write | marks));
    }

    [TestCase(AccessKind.Load, TrapCause.LoadAccessFault)]
    [TestCase(AccessKind.Store, TrapCause.StoreAccessFault)]
    [TestCase(AccessKind.Fetch, TrapCause.InstructionAccessFault)]
    public void A_table_outside_memory_is_an_access_fault_of_the_original_kind(AccessKind kind, ulong cause)
    {
        _s.Satp = (8UL << 60) | ((1UL << 44) - 1);

        Assert.That(Translate(0x1000, kind).Cause, Is.EqualTo(cause));
    }

    [Test]
    public void A_table_in_ROM_serves_marked_entries_and_faults_where_it_would_have_to_be_marked()
    {
        _s.Satp = (8UL << 60) | (RomBase >> 12);
        byte[] table = new byte[16];
        BitConverter.TryWriteBytes(table.AsSpan(0), Leaf1G(0x8000_0000, Valid | Read | Write | Accessed));
        BitConverter.TryWriteBytes(table.AsSpan(8), Leaf1G(0x8000_0000, Valid | Read));
        _rom.TryLoad(RomBase, table);

        Assert.That(Translate(0x0, AccessKind.Load).PhysicalAddress, Is.EqualTo(0x8000_0000));
        Assert.That(Translate(0x0, AccessKind.Store).Cause, Is.EqualTo(TrapCause.StoreAccessFault));
        Assert.That(Translate(0x4000_0000, AccessKind.Load).Cause, Is.EqualTo(TrapCause.LoadAccessFault));
        Assert.That(_rom.ReadUnchecked(RomBase + 8, 8), Is.EqualTo(Leaf1G(0x8000_0000, Valid | Read)), "unchanged");
    }

    [Test]
    public void The_walker_s_reads_are_supervisor_accesses_to_PMP_even_when_user_mode_asks()
    {
        Map4K(Valid | Read | Write | 16);
        Pmp.WriteAddress(ref _s, 0, RamBase >> 2);
        Pmp.WriteConfig(ref _s, 0, 0x08);
        Pmp.WriteAddress(ref _s, 1, Pmp.AddressWritable);

        var result = Walker.Translate(ref _s, _bus, 0x1000, AccessKind.Load, PrivilegeMode.User, false, false);

        Assert.That(result.Cause, Is.EqualTo(TrapCause.LoadAccessFault));
    }

    [Test]
    public void The_courtesy_holds_for_page_tables_too()
    {
        Map4K(Valid | Read);
        _s.PmpCourtesy = true;
        Pmp.WriteConfig(ref _s, 0, 0);
        _s.PmpTouched = false;

        Assert.That(Translate(0x1000, AccessKind.Load).IsFault, Is.False);
        Assert.That(_s.PmpCourtesyUsed, Is.True);
    }

    [TestCase(0UL)]
    [TestCase(0x8000_0000_0000_0000UL)]
    [TestCase(ulong.MaxValue)]
    public void Machine_mode_and_bare_are_not_translated_and_know_no_canonical_addresses(ulong address)
    {
        var machine = Walker.Translate(ref _s, _bus, address, AccessKind.Fetch, PrivilegeMode.Machine, false, false);
        _s.Satp = 0;
        var bare = Walker.Translate(ref _s, _bus, address, AccessKind.Store, PrivilegeMode.User, false, false);

        Assert.That((machine.IsFault, machine.PhysicalAddress), Is.EqualTo((false, address)));
        Assert.That((bare.IsFault, bare.PhysicalAddress), Is.EqualTo((false, address)));
    }

    [TestCase(8UL, 0x0000_003F_FFFF_F000UL, true)]
    [TestCase(8UL, 0x0000_0040_0000_0000UL, false)]
    [TestCase(8UL, 0xFFFF_FFC0_0000_0000UL, true)]
    [TestCase(8UL, 0xFFFF_FFBF_FFFF_F000UL, false)]
    [TestCase(9UL, 0x0000_7FFF_FFFF_F000UL, true)]
    [TestCase(9UL, 0x0000_8000_0000_0000UL, false)]
    [TestCase(9UL, 0xFFFF_8000_0000_0000UL, true)]
    [TestCase(10UL, 0x00FF_FFFF_FFFF_F000UL, true)]
    [TestCase(10UL, 0x0100_0000_0000_0000UL, false)]
    [TestCase(10UL, 0xFF00_0000_0000_0000UL, true)]
    [TestCase(10UL, 0x7F00_0000_0000_0000UL, false)]
    public void Addresses_must_be_sign_extended_from_the_mode_s_top_bit(ulong mode, ulong address, bool canonical)
    {
        _s.Satp = (mode << 60) | (RamBase >> 12);
        for (int slot = 0; slot < 512; slot++)
        {
            _ram.WriteUnchecked(RamBase + (ulong)slot * 8, 8, Valid | Read | Accessed);
        }

        var result = Translate(address, AccessKind.Load);

        Assert.That(result.IsFault, Is.EqualTo(!canonical));
        Assert.That(result.PageShift, Is.EqualTo(canonical ? 30 + 9 * ((int)mode - 8) : 0));
    }

    private static ulong LeafAddress => RamBase + 0x2000 + 8;

    private ulong Leaf => _ram.ReadUnchecked(LeafAddress, 8);

    private static ulong Leaf1G(ulong physical, ulong flags) => physical >> 12 << 10 | flags;

    /// <summary>Maps virtual page 1 to 0x80045000.</summary>
    private void Map4K(ulong flags)
    {
        _ram.WriteUnchecked(RamBase, 8, (RamBase + 0x1000) >> 12 << 10 | Valid);
        _ram.WriteUnchecked(RamBase + 0x1000, 8, (RamBase + 0x2000) >> 12 << 10 | Valid);
        _ram.WriteUnchecked(LeafAddress, 8, 0x8004_5000UL >> 12 << 10 | flags);
    }

    private TranslationResult Translate(ulong address, AccessKind kind) =>
        Walker.Translate(ref _s, _bus, address, kind, PrivilegeMode.Supervisor, sum: false, mxr: false);

    private sealed class RecordingObserver : IWriteObserver
    {
        public List<(ulong Address, ulong Length)> Writes { get; } = [];

        public void CodeOverwritten(GuestMemory memory, int pageIndex)
        {
        }

        public void WatchedWrite(ulong address, ulong length) => Writes.Add((address, length));

        public void PageGuarded(GuestMemory memory, int pageIndex)
        {
        }
    }
}

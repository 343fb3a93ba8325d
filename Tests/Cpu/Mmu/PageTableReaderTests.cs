using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Tests.Cpu.Mmu;

/// <summary>Page tables as a debugger reads them. <see cref="WalkerOracleTests"/> compares single translations.</summary>
internal sealed class PageTableReaderTests
{
    private const ulong RamBase = 0x8000_0000;
    private const ulong Sv39 = 8UL << 60;
    private const ulong Satp = Sv39 | (RamBase >> 12);

    private SystemBus _bus = null!;
    private GuestMemory _ram = null!;

    [SetUp]
    public void MapMemory()
    {
        _bus = new SystemBus();
        _ram = new GuestMemory("ram", new AddressRange(RamBase, 1 << 20), writable: true);
        _bus.Map(_ram);
    }

    [TearDown]
    public void Unmap() => _ram.Dispose();

    [Test]
    public void Every_page_is_listed_in_order_with_its_size_and_the_rest_is_passed_over()
    {
        Put(RamBase + 8 * 0, Table(RamBase + 0x1000));
        Put(RamBase + 8 * 1, Leaf(0x4000_0000, 0x7));
        Put(RamBase + 8 * 2, Leaf(0x4000_1000, 0x7)); // a misaligned superpage
        Put(RamBase + 8 * 511, Table(RamBase + 0x1000));
        Put(RamBase + 0x1000 + 8 * 3, Leaf(0x8020_0000, 0xb));
        Put(RamBase + 0x1000 + 8 * 4, Table(RamBase + 0x2000));
        Put(RamBase + 0x1000 + 8 * 5, Table(0x1234_5000)); // no memory there
        Put(RamBase + 0x2000 + 8 * 7, Leaf(0x8001_2000, 0x11 | 2));
        Put(RamBase + 0x2000 + 8 * 8, Leaf(0x8001_3000, 0x5)); // writable, not readable: reserved
        Put(RamBase + 0x2000 + 8 * 9, Table(RamBase + 0x3000)); // a table too deep

        (ulong, ulong, int)[] expected =
        [
            (0x0060_0000, 0x8020_0000, 21),
            (0x0080_7000, 0x8001_2000, 12),
            (0x4000_0000, 0x4000_0000, 30),
            (0xffff_ffff_c060_0000, 0x8020_0000, 21),
            (0xffff_ffff_c080_7000, 0x8001_2000, 12),
        ];
        var pages = PageTableReader.Mappings(_bus, Satp).ToList();
        Assert.That(pages.Select(static page => (page.VirtualAddress, page.PhysicalAddress, page.PageShift)), Is.EqualTo(expected));
        Assert.That(pages[1].EntryAddress, Is.EqualTo(RamBase + 0x2000 + 8 * 7));
        foreach (var page in pages)
        {
            Assert.That(PageTableReader.TryTranslate(_bus, Satp, page.VirtualAddress + page.SizeBytes - 1, out var found), Is.True);
            Assert.That(found, Is.EqualTo(page));
        }
    }

    [TestCase(0x4000_0000_0000UL, TestName = "An_address_that_is_not_canonical_is_nowhere")]
    [TestCase(0x8000_0000UL, TestName = "A_misaligned_superpage_maps_nothing")]
    [TestCase(0x1000UL, TestName = "An_invalid_entry_maps_nothing")]
    public void There_is_no_page(ulong address)
    {
        Put(RamBase + 8 * 2, Leaf(0x4000_1000, 0x7));
        Assert.That(PageTableReader.TryTranslate(_bus, Satp, address, out _), Is.False);
    }

    [Test]
    public void Without_translation_an_address_is_its_own_and_there_are_no_pages()
    {
        Assert.That(PageTableReader.TryTranslate(_bus, 0, 0x1234_5678, out var page), Is.True);
        Assert.That((page.VirtualAddress, page.PhysicalAddress), Is.EqualTo((0x1234_5000UL, 0x1234_5000UL)));
        Assert.That(PageTableReader.Mappings(_bus, 0), Is.Empty);
    }

    [Test]
    public void A_table_that_contains_itself_can_be_listed_as_far_as_one_likes()
    {
        for (ulong index = 0; index < 512; index++)
        {
            Put(RamBase + 8 * index, Table(RamBase));
        }

        Put(RamBase, Leaf(0x8000_0000, 0x7));
        Assert.That(PageTableReader.Mappings(_bus, Satp).Take(1000).Count(), Is.EqualTo(1000));
    }

    private void Put(ulong address, ulong entry) => _ram.WriteUnchecked(address, 8, entry);

    private static ulong Table(ulong address) => address >> 12 << 10 | 1;

    private static ulong Leaf(ulong address, ulong flags) => address >> 12 << 10 | flags;
}

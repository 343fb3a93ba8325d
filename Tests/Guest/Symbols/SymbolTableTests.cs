using NUnit.Framework;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Tests.Guest.Elf;

namespace RiscvXv6.Tests.Guest.Symbols;

public sealed class SymbolTableTests
{
    private const byte LocalFunction = 0x02;
    private const byte GlobalFunction = 0x12;
    private const byte LocalLabel = 0x00;
    private const byte GlobalLabel = 0x10;
    private const byte GlobalObject = 0x11;

    private static readonly SymbolTable Table = Make(new ElfImage()
        .Segment(0x8000_0000, new byte[0x100], 0x200)
        .Symbol("main", 0x8000_0010, 0x20, GlobalFunction)
        .Symbol("_entry", 0x8000_0000, 0, GlobalLabel)
        .Symbol("$x", 0x8000_0000, 0, LocalLabel)
        .Symbol(".L1", 0x8000_0018, 0, LocalLabel)
        .Symbol("alias", 0x8000_0010, 0x20, LocalFunction)
        .Symbol("table", 0x8000_0014, 8, GlobalObject)
        .Symbol("constant", 0x4000, 0, LocalLabel)
        .Symbol("last", 0x8000_0080, 0, GlobalLabel));

    [TestCase(0x8000_0000UL, "_entry")]
    [TestCase(0x8000_000eUL, "_entry+0xe")]
    [TestCase(0x8000_0010UL, "main")]
    [TestCase(0x8000_001aUL, "main+0xa", Description = "neither data nor the compiler's labels")]
    [TestCase(0x8000_002fUL, "main+0x1f")]
    [TestCase(0x8000_01ffUL, "last+0x17f")]
    public void An_address_is_told_by_the_symbol_that_covers_it(ulong address, string expected)
    {
        Assert.That(Table.TryFind(address, out var location), Is.True);
        Assert.That(location.ToString(), Is.EqualTo(expected));
    }

    [TestCase(0UL)]
    [TestCase(0x7fff_ffffUL)]
    [TestCase(0x8000_0030UL, Description = "past the end of main")]
    [TestCase(0x8000_0200UL, Description = "past the end of the segment")]
    [TestCase(ulong.MaxValue)]
    public void An_address_that_nothing_covers_is_none(ulong address)
    {
        Assert.That(Table.TryFind(address, out _), Is.False);
    }

    [Test]
    public void Symbols_stand_in_ascending_order_once_for_each_address()
    {
        Assert.That(Table.ByAddress.Select(symbol => symbol.Name), Is.EqualTo(new[] { "_entry", "main", "last" }));
    }

    [Test]
    public void A_name_has_an_address_also_if_it_is_data()
    {
        Assert.That(Table.TryFindAddress("table", out ulong address), Is.True);
        Assert.That(address, Is.EqualTo(0x8000_0014));
        Assert.That(Table.TryFindAddress("nobody", out _), Is.False);
    }

    [Test]
    public void A_file_without_symbols_has_an_empty_table()
    {
        Assert.That(Make(ElfImage.Small()).TryFind(0x8000_0000, out _), Is.False);
    }

    private static SymbolTable Make(ElfImage image)
    {
        Assert.That(ElfFile.TryParse(image.Build(), out var file, out var error), Is.True, error?.Message);
        return new SymbolTable(file!);
    }
}

using NUnit.Framework;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Symbols.Types;
using RiscvXv6.Tests.Guest.Elf;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>
/// What other compilers than gcc make of version 5: texts and addresses by their indices (DWARF "String Offsets Table" and
/// "Address Table"), and forms that are named in the entry. Written from the standard.
/// </summary>
public sealed class IndexedDwarfTests
{
    [TestCase(0x25, 1, Description = "DW_FORM_strx1")]
    [TestCase(0x26, 2, Description = "DW_FORM_strx2")]
    [TestCase(0x27, 3, Description = "DW_FORM_strx3")]
    [TestCase(0x28, 4, Description = "DW_FORM_strx4")]
    [TestCase(0x1a, 1, Description = "DW_FORM_strx, a ULEB128")]
    public void Names_and_addresses_may_be_indices(int textForm, int indexBytes)
    {
        var catalog = Catalog(textForm, indexBytes);

        Assert.That(catalog.TryFindVariable("counter", out var variable), Is.True);
        Assert.That(variable!.Address, Is.EqualTo(0x8000_4444));
        Assert.That(variable.File, Is.EqualTo("main.c"));
        Assert.That(variable.Type, Is.InstanceOf<IntegerType>());
        Assert.That(variable.Type.Name, Is.EqualTo("int"));
        Assert.That(variable.Type.SizeBytes, Is.EqualTo(4));
        Assert.That(((IntegerType)variable.Type).IsSigned, Is.True);
    }

    [Test]
    public void An_index_behind_the_end_of_its_table_is_no_name()
    {
        var catalog = Catalog(0x25, 1, firstIndex: 100);

        Assert.That(catalog.Variables, Is.Empty);
    }

    private static TypeCatalog Catalog(int textForm, int indexBytes, int firstIndex = 0)
    {
        const int form = 0x0b; // data1
        var abbreviations = new DwarfBytes()
            .Byte(1, 0x11, 1, 0x72, 0x17, 0x73, 0x17, 0x03, textForm, 0, 0)             // unit: bases by sec_offset, name
            .Byte(2, 0x24, 0, 0x03, textForm, 0x0b, 0x21).Signed(4).Byte(0x3e, form, 0, 0) // base type: size by implicit_const
            .Byte(3, 0x34, 0, 0x03, textForm, 0x49, 0x16, 0x02, 0x18, 0, 0)             // variable: type by an indirect form
            .Byte(0);

        // The header of a version 5 unit has 12 bytes; the entry of the unit 1 + 4 + 4 + the index.
        int type = 12 + 9 + indexBytes;
        var unit = new DwarfBytes().Half(5).Byte(1, 8).Word(0)
            .Byte(1).Word(16).Word(16).Add(Index(0))
            .Byte(2).Add(Index(1)).Byte(5)
            .Byte(3).Add(Index(2)).Byte(0x13).Word((uint)type).Byte(2, 0xa1, 1)
            .Byte(0)
            .WithLength();

        // Another unit's part stands before this one's, which begins at 16 behind its own header of 8 bytes.
        var offsets = new DwarfBytes().Half(5).Half(0).WithLength().Add(new DwarfBytes().Half(5).Half(0).Word(0).Word(7).Word(11).WithLength());
        var addresses = new DwarfBytes().Half(5).Byte(8, 0).WithLength()
            .Add(new DwarfBytes().Half(5).Byte(8, 0).Double(1).Double(0x8000_4444).WithLength());
        byte[] image = new ElfImage().Segment(0x8000_0000, new byte[64])
            .Section(".debug_info", unit.ToArray())
            .Section(".debug_abbrev", abbreviations.ToArray())
            .Section(".debug_str", new DwarfBytes().Text("main.c").Text("int").Text("counter").ToArray())
            .Section(".debug_str_offsets", offsets.ToArray())
            .Section(".debug_addr", addresses.ToArray())
            .Build();
        Assert.That(ElfFile.TryParse(image, out var file, out var error), Is.True, error?.Message);
        return new TypeCatalog(file!);

        DwarfBytes Index(int index)
        {
            var bytes = new DwarfBytes();
            for (int at = 0; at < indexBytes; at++)
            {
                bytes.Byte(at == 0 ? (firstIndex + index) & 0x7f : 0);
            }

            return bytes;
        }
    }
}

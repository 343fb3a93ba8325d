using NUnit.Framework;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Tests.Guest.Elf;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>Call frame instructions that no compiler at hand writes, from the standard.</summary>
public sealed class FrameProgramTests
{
    private const ulong Base = 0x8000_0000;
    private const int Ra = 1, Sp = 2, S0 = 8;

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(4)]
    public void Each_instruction_does_what_the_standard_says(int version)
    {
        var table = Table(version, new DwarfBytes()
            .Byte(0x40 | 4)                                     // advance_loc 4 * 2
            .Byte(0x0e, 32)                                     // def_cfa_offset
            .Byte(0x80 | Ra, 1)                                 // offset: 1 * -8
            .Byte(0x05, S0, 2)                                  // offset_extended
            .Byte(0x0a)                                         // remember_state
            .Byte(0x02, 4)                                      // advance_loc1: 8
            .Byte(0x0c, S0, 0)                                  // def_cfa
            .Byte(0x11, 9).Signed(-3)                           // offset_extended_sf: +24
            .Byte(0x03).Half(4)                                 // advance_loc2: 8
            .Byte(0xc0 | Ra, 0x08, S0)                          // restore, same_value
            .Byte(0x13).Signed(-5)                              // def_cfa_offset_sf: +40
            .Byte(0x04).Word(4)                                 // advance_loc4: 8
            .Byte(0x0b)                                         // restore_state
            .Byte(0x2e, 16, 0)                                  // GNU_args_size, nop
            .Byte(0x01).Double(Base + 0x30)                     // set_loc
            .Byte(0x12, Sp).Signed(-6)                          // def_cfa_sf: +48
            .Byte(0x0d, S0)                                     // def_cfa_register
            .Byte(0x07, Ra));                                   // undefined

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Find(table, Base), Is.EqualTo("x2+0"));
            Assert.That(Find(table, Base + 7), Is.EqualTo("x2+0"));
            Assert.That(Find(table, Base + 8), Is.EqualTo("x2+32 x1:-8 x8:-16"));
            Assert.That(Find(table, Base + 0x10), Is.EqualTo("x8+0 x1:-8 x8:-16 x9:24"));
            Assert.That(Find(table, Base + 0x18), Is.EqualTo("x8+40 x9:24"));
            Assert.That(Find(table, Base + 0x20), Is.EqualTo("x2+32 x1:-8 x8:-16"));
            Assert.That(Find(table, Base + 0x30), Is.EqualTo("x8+48 x8:-16"));
            Assert.That(Find(table, Base + 0x3f), Is.EqualTo("x8+48 x8:-16"));
            Assert.That(Find(table, Base + 0x40), Is.Null, "past the end of the function");
            Assert.That(Find(table, Base - 1), Is.Null);
        }
    }

    [Test]
    public void A_frame_that_only_an_expression_tells_is_unknown_and_the_code_before_it_is_not()
    {
        var table = Table(3, new DwarfBytes().Byte(0x40 | 4).Byte(0x0f, 2, 0x72, 8));

        Assert.That(Find(table, Base + 6), Is.EqualTo("x2+0"));
        Assert.That(Find(table, Base + 8), Is.Null);
    }

    [Test]
    public void A_stack_of_states_without_end_or_without_a_start_is_unknown()
    {
        var many = new DwarfBytes();
        for (int depth = 0; depth < 100_000; depth++)
        {
            many.Byte(0x0a);
        }

        Assert.That(Find(Table(3, many), Base), Is.Null);
        Assert.That(Find(Table(3, new DwarfBytes().Byte(0x0b)), Base), Is.Null);
    }

    private static string? Find(FrameTable table, ulong pc)
    {
        if (!table.TryFind(pc, out var row))
        {
            return null;
        }

        Assert.That(row.ReturnAddressRegister, Is.EqualTo(Ra));
        var saved = Enumerable.Range(0, 32).Where(register => row.SavedAt(register) is not null);
        return string.Join(' ', saved.Select(register => $"x{register}:{row.SavedAt(register)}").Prepend($"x{row.BaseRegister}{row.BaseOffset:+0;-0;+0}"));
    }

    private static FrameTable Table(int version, DwarfBytes instructions)
    {
        // DWARF "Structure of Call Frame Information": instructions of 2 bytes, data of -8.
        var common = new DwarfBytes().Word(uint.MaxValue).Byte(version, 0);
        if (version == 4)
        {
            common.Byte(8, 0);
        }

        common.Byte(2).Signed(-8).Byte(Ra).Byte(0x0c, Sp, 0);
        var function = new DwarfBytes().Word(0).Double(Base).Double(0x40).Add(instructions);
        byte[] image = new ElfImage().Segment(Base, new byte[0x100])
            .Section(".debug_frame", common.WithLength().Add(function.WithLength()).ToArray())
            .Build();
        Assert.That(ElfFile.TryParse(image, out var file, out var error), Is.True, error?.Message);
        return new FrameTable(file!);
    }
}

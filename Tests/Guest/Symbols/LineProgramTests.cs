using NUnit.Framework;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Tests.Guest.Elf;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>Line programs that no compiler at hand makes, written from the standard.</summary>
public sealed class LineProgramTests
{
    private const ulong Base = 0x8000_0000;
    private const int LineBase = -5;
    private const int LineRange = 14;
    private const int OpcodeBase = 13;

    [Test]
    public void A_special_opcode_advances_address_and_line_together()
    {
        // DWARF "Special Opcodes": opcode = (line - line_base) + line_range * advance + opcode_base.
        var table = Table(Header(2), Start(Base).Byte(Special(3, 2), Special(-1, 4)).Add(End(2)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Find(table, Base + 1), Is.Null, "no row before the first");
            Assert.That(Find(table, Base + 2), Is.EqualTo("lib/a.c:4"));
            Assert.That(Find(table, Base + 5), Is.EqualTo("lib/a.c:4"));
            Assert.That(Find(table, Base + 6), Is.EqualTo("lib/a.c:3"));
            Assert.That(Find(table, Base + 7), Is.EqualTo("lib/a.c:3"));
            Assert.That(Find(table, Base + 8), Is.Null, "past the end of the sequence");
        }
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public void Every_standard_opcode_does_what_the_standard_says(int version)
    {
        var program = Start(Base)
            .Byte(1)                       // copy: line 1
            .Byte(2).Unsigned(4)           // advance_pc
            .Byte(3).Signed(299)           // advance_line: 300
            .Byte(5).Unsigned(7)           // set_column
            .Byte(7, 10, 11)               // set_basic_block, set_prologue_end, set_epilogue_begin
            .Byte(12).Unsigned(1)          // set_isa
            .Byte(4).Unsigned(2)           // set_file
            .Byte(1)
            .Byte(8)                       // const_add_pc: (255 - 13) / 14 = 17
            .Byte(3).Signed(-100)          // 200
            .Byte(1)
            .Byte(9).Half(0x40)            // fixed_advance_pc
            .Byte(6)                       // negate_stmt
            .Byte(3).Signed(1)
            .Byte(1)
            .Add(End(2));
        var table = Table(Header(version), program);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Find(table, Base), Is.EqualTo("lib/a.c:1"));
            Assert.That(Find(table, Base + 4), Is.EqualTo("b.h:300"));
            Assert.That(Find(table, Base + 21), Is.EqualTo("b.h:200"));
            Assert.That(Find(table, Base + 21 + 0x40), Is.EqualTo("b.h:201"));
            Assert.That(table.AddressesOf("b.h", 200), Is.EqualTo(new[] { Base + 21 }));
            Assert.That(table.AddressesOf("b.h", 201), Is.Empty, "no statement begins there");
        }
    }

    [Test]
    public void An_instruction_of_several_operations_is_counted_by_operations()
    {
        // Of three operations and four bytes: 5 operations from operation 0 are one instruction and two operations.
        var table = Table(
            Header(4, instructionBytes: 4, operations: 3),
            Start(Base).Byte(1).Byte(2).Unsigned(5).Byte(3).Signed(9).Byte(1).Byte(2).Unsigned(1).Byte(3).Signed(10).Byte(1).Add(End(3)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Find(table, Base + 3), Is.EqualTo("lib/a.c:1"));
            Assert.That(Find(table, Base + 4), Is.EqualTo("lib/a.c:10"));
            Assert.That(Find(table, Base + 8), Is.EqualTo("lib/a.c:20"));
            Assert.That(Find(table, Base + 12), Is.Null);
        }
    }

    [Test]
    public void Of_rows_at_one_address_the_last_one_counts()
    {
        var table = Table(Header(3), Start(Base).Byte(Special(1, 0), Special(1, 0), Special(1, 0)).Add(End(4)));

        Assert.That(Find(table, Base), Is.EqualTo("lib/a.c:4"));
        Assert.That(table.AddressesOf("a.c", 3), Is.Empty);
        Assert.That(table.AddressesOf("a.c", 4), Is.EqualTo(new[] { Base }));
    }

    [Test]
    public void An_opcode_that_nobody_knows_is_passed_over_by_its_number_of_operands()
    {
        var header = Header(3, opcodeBase: 15);
        var program = Start(Base)
            .Byte(13).Unsigned(300).Unsigned(1).Unsigned(5) // three operands
            .Byte(14)                                       // none
            .Byte(0, 3, 0x80, 1, 2)                         // a vendor's extended opcode
            .Byte(0, 2, 4, 9)                               // set_discriminator
            .Byte(1)
            .Add(End(2));

        Assert.That(Find(Table(header, program), Base), Is.EqualTo("lib/a.c:1"));
    }

    [Test]
    public void What_the_linker_discarded_is_not_there()
    {
        var program = Start(0).Byte(Special(7, 0)).Add(End(0x100)).Add(Start(Base).Byte(Special(8, 0)).Add(End(2)));
        var table = Table(Header(3), program);

        Assert.That(Find(table, 0), Is.Null);
        Assert.That(table.AddressesOf("a.c", 8), Is.Empty);
        Assert.That(Find(table, Base), Is.EqualTo("lib/a.c:9"));
    }

    [Test]
    public void A_sequence_that_nothing_ends_covers_nothing_and_later_units_are_read()
    {
        var cut = Header(3)(Start(Base).Byte(Special(1, 0)));
        var whole = Header(3)(Start(Base + 8).Byte(Special(2, 0)).Add(End(2)));

        var table = new LineTable(Program(cut.Add(whole)));

        Assert.That(Find(table, Base), Is.Null);
        Assert.That(Find(table, Base + 8), Is.EqualTo("lib/a.c:3"));
    }

    [Test]
    public void Line_0_is_no_line()
    {
        Assert.That(Find(Table(Header(3), Start(Base).Byte(3).Signed(-1).Byte(1).Add(End(2))), Base), Is.Null);
    }

    [TestCase("net/./proc.c", "lib/net/proc.c")]
    [TestCase("../shared/x.h", "shared/x.h")]
    [TestCase("../../outside.h", "../outside.h")]
    [TestCase(".//a.c", "lib/a.c")]
    [TestCase("/usr/include/x.h", "/usr/include/x.h")]
    [TestCase("bad\u001b[31m.c", "lib/bad?[31m.c")]
    public void A_file_is_named_as_a_person_would_write_it(string name, string expected)
    {
        Assert.That(Find(Table(Header(3, file: name), Start(Base).Byte(1).Add(End(2))), Base), Is.EqualTo($"{expected}:1"));
    }

    [TestCase("a.c", true)]
    [TestCase("lib/a.c", true)]
    [TestCase("ib/a.c", false)]
    [TestCase("", false)]
    [TestCase("kernel/lib/a.c", false)]
    public void A_file_may_be_asked_for_by_its_last_components(string asked, bool isFound)
    {
        var table = Table(Header(3), Start(Base).Byte(1).Add(End(2)));

        Assert.That(table.AddressesOf(asked, 1).Any(), Is.EqualTo(isFound));
    }

    [Test]
    public void A_file_without_lines_has_an_empty_table()
    {
        Assert.That(ElfFile.TryParse(ElfImage.Small().Build(), out var file, out _), Is.True);
        Assert.That(new LineTable(file!).IsEmpty, Is.True);
        Assert.That(new ProgramInfo(file!).Describe(0x8000_1234), Is.EqualTo("0x80001234"));
    }

    [Test]
    public void A_program_describes_an_address_by_what_is_known_of_it()
    {
        var image = new ElfImage().Segment(Base, new byte[0x40]).Symbol("acquire", Base, 8).Symbol("panic", Base + 8, 8)
            .Section(".debug_line", Header(3)(Start(Base + 4).Byte(Special(4, 0), Special(1, 4)).Add(End(1))).ToArray());
        Assert.That(ElfFile.TryParse(image.Build(), out var file, out _), Is.True);
        var program = new ProgramInfo(file!);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(program.Describe(Base), Is.EqualTo("acquire"));
            Assert.That(program.Describe(Base + 4), Is.EqualTo("acquire+0x4 (lib/a.c:5)"));
            Assert.That(program.Describe(Base + 8), Is.EqualTo("panic (lib/a.c:6)"));
            Assert.That(program.DescribeReturn(Base + 8), Is.EqualTo("acquire+0x8 (lib/a.c:5)"), "a call that never returns");
            Assert.That(program.DescribeReturn(Base + 6), Is.EqualTo("acquire+0x6 (lib/a.c:5)"));
            Assert.That(program.Describe(Base + 0x30), Is.EqualTo("0x80000030"));
        }
    }

    private static int Special(int line, int advance) => line - LineBase + LineRange * advance + OpcodeBase;

    private static DwarfBytes Start(ulong address) => new DwarfBytes().Byte(0, 9, 2).Double(address);

    private static DwarfBytes End(ulong advance) => new DwarfBytes().Byte(2).Unsigned(advance).Byte(0, 1, 1);

    /// <summary>A unit of versions 2 to 4 with the files lib/a.c and b.h, but for its program.</summary>
    private static Func<DwarfBytes, DwarfBytes> Header(
        int version, int instructionBytes = 1, int operations = 1, int opcodeBase = OpcodeBase, string file = "a.c") => program =>
    {
        var rest = new DwarfBytes().Byte(instructionBytes);
        if (version >= 4)
        {
            rest.Byte(operations);
        }

        rest.Byte(1, LineBase, LineRange, opcodeBase, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1);
        if (opcodeBase > OpcodeBase)
        {
            rest.Byte(3, 0);
        }

        rest.Text("lib").Byte(0);
        rest.Text(file).Byte(1, 0, 0).Text("b.h").Byte(0, 0, 0).Byte(0);
        return new DwarfBytes().Half(version).Word((uint)rest.Count).Add(rest).Add(program).WithLength();
    };

    private static LineTable Table(Func<DwarfBytes, DwarfBytes> header, DwarfBytes program) => new(Program(header(program)));

    private static ElfFile Program(DwarfBytes lines)
    {
        var image = new ElfImage().Segment(Base, new byte[0x100]).Section(".debug_line", lines.ToArray());
        Assert.That(ElfFile.TryParse(image.Build(), out var file, out var error), Is.True, error?.Message);
        return file!;
    }

    private static string? Find(LineTable table, ulong address) => table.TryFind(address, out var line) ? line.ToString() : null;
}

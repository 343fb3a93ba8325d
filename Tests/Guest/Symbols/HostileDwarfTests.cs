using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Symbols.Types;
using RiscvXv6.Tests.Guest.Elf;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>Debug information that means harm: types made of themselves, and little that stands for much.</summary>
public sealed class HostileDwarfTests
{
    private const int Structure = 1, Member = 2, Pointer = 3, Typedef = 4, Array = 5, Subrange = 6, Variable = 7, Nameless = 8, Unit = 9;
    private const int FormReference = 0x13, FormText = 0x08, FormData1 = 0x0b, FormBlock1 = 0x0a;

    // A unit's entries begin behind its header of 11 bytes and the entry of the unit itself, of 1.
    private const uint First = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Test]
    public void A_structure_that_lies_in_itself_can_be_looked_at_to_any_depth()
    {
        // struct a { struct a inner; } of 8 bytes.
        var catalog = Catalog(new DwarfBytes()
            .Byte(Structure).Text("a").Byte(8)
            .Byte(Member).Text("inner").Byte(0).Word(First)
            .Byte(0));

        Assert.That(catalog.TryFindStructure("a", out var type), Is.True);
        Assert.That(type!.TryFindMember(string.Join('.', Enumerable.Repeat("inner", 500)), out var member), Is.True);
        Assert.That(member.Type.Name, Is.EqualTo("struct a"));
        Assert.That(type.TryFindMember("outer", out _), Is.False);
    }

    [Test]
    public void Nameless_structures_without_end_are_searched_only_so_far()
    {
        // struct a { struct a; struct a; } where neither member has a name.
        var catalog = Catalog(new DwarfBytes()
            .Byte(Structure).Text("a").Byte(8)
            .Byte(Nameless).Byte(0).Word(First)
            .Byte(Nameless).Byte(4).Word(First)
            .Byte(0));
        var watch = Stopwatch.StartNew();

        Assert.That(catalog.TryFindStructure("a", out var type), Is.True);
        Assert.That(type!.TryFindMember("x", out _), Is.False);
        Assert.That(watch.Elapsed, Is.LessThan(Patience));
    }

    [Test]
    public void A_type_that_only_refers_to_itself_is_unknown_or_spelled_so_far()
    {
        uint array = First + 1 + 2 + 4;
        uint pointer = array + 1 + 4 + 2 + 1;
        var catalog = Catalog(new DwarfBytes()
            .Byte(Typedef).Text("t").Word(First)
            .Byte(Array).Word(array).Byte(Subrange, 3).Byte(0)
            .Byte(Pointer).Word(pointer)
            .Byte(Variable).Text("loop").Word(First).Byte(9, 3).Double(0x10)
            .Byte(Variable).Text("nest").Word(array).Byte(9, 3).Double(0x20)
            .Byte(Variable).Text("chase").Word(pointer).Byte(9, 3).Double(0x30));

        Assert.That(catalog.TryFindVariable("loop", out var loop), Is.True);
        Assert.That(loop!.Type.Name, Is.EqualTo("unknown"));
        Assert.That(catalog.TryFindVariable("nest", out var nest), Is.True);
        Assert.That(nest!.Type, Is.InstanceOf<ArrayType>());
        Assert.That(nest.Type.Name, Has.Length.LessThan(200));
        Assert.That(nest.Type.SizeBytes, Is.Zero);
        Assert.That(catalog.TryFindVariable("chase", out var chase), Is.True);
        Assert.That(chase!.Address, Is.EqualTo(0x30));
        Assert.That(chase.Type.Name, Does.Contain("...").And.Length.LessThan(200));
    }

    [Test]
    public void An_array_of_arrays_larger_than_memory_has_the_largest_size_there_is()
    {
        var bytes = new DwarfBytes();
        uint at = First;
        bytes.Byte(Structure).Text("a").Byte(255).Byte(0);
        at += 5;
        uint element = First;
        for (int level = 0; level < 10; level++)
        {
            bytes.Byte(Array).Word(element).Byte(Subrange, 254).Byte(0);
            element = at;
            at += 8;
        }

        bytes.Byte(Variable).Text("huge").Word(element).Byte(9, 3).Double(0x10);

        Assert.That(Catalog(bytes).TryFindVariable("huge", out var huge), Is.True);
        Assert.That(huge!.Type.SizeBytes, Is.EqualTo(ulong.MaxValue));
    }

    [Test]
    public void A_variable_at_a_register_or_in_a_list_has_no_address()
    {
        var catalog = Catalog(new DwarfBytes()
            .Byte(Variable).Text("in_register").Word(0).Byte(1, 0x50)
            .Byte(Variable).Text("computed").Word(0).Byte(10, 3).Double(0x10).Byte(0x9f)
            .Byte(Variable).Text("cut").Word(0).Byte(3, 3, 1, 2)
            .Byte(Variable).Text("there").Word(0).Byte(9, 3).Double(0x1234));

        Assert.That(catalog.Variables.Select(static variable => (variable.Name, variable.Address)), Is.EqualTo(new[] { ("there", 0x1234UL) }));
    }

    [Test]
    public void Units_that_share_one_huge_table_of_abbreviations_cost_neither_time_nor_memory()
    {
        // Each unit begins its table one byte later than the one before: together they would be quadratic.
        var abbreviations = new DwarfBytes();
        for (int code = 1; code < 40_000; code++)
        {
            abbreviations.Unsigned((ulong)code % 100 + 1).Byte(0x24, 0, 3, 8, 0, 0);
        }

        var units = new DwarfBytes();
        for (uint unit = 0; unit < 20_000; unit++)
        {
            units.Add(new DwarfBytes().Half(4).Word(unit * 7).Byte(8, 1).Text("x").WithLength());
        }

        AssertCheap(Image(units.ToArray(), abbreviations.ToArray()));
    }

    [Test]
    public void Entries_nested_without_end_cost_neither_time_nor_memory()
    {
        var entries = new DwarfBytes();
        for (int depth = 0; depth < 300_000; depth++)
        {
            entries.Byte(Structure).Text("a").Byte(8);
        }

        AssertCheap(Image(WholeUnit(entries), Abbreviations()));
    }

    [Test]
    public void Names_that_share_one_endless_text_cost_neither_time_nor_memory()
    {
        // .debug_line of version 5: a file table of one form, an offset in .debug_line_str, each one byte further.
        var tables = new DwarfBytes().Byte(1, 1, 0x1f, 1).Word(0).Byte(1, 1, 0x1f).Unsigned(100_000);
        for (uint file = 0; file < 100_000; file++)
        {
            tables.Word(file);
        }

        var rest = new DwarfBytes().Byte(1, 1, 1, -5, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1).Add(tables);
        var program = new DwarfBytes().Byte(0, 9, 2).Double(0x8000_0000);
        for (int row = 0; row < 3; row++)
        {
            program.Byte(4).Unsigned((ulong)row * 40_000).Byte(33);
        }

        program.Byte(2, 1, 0, 1, 1);
        byte[] lines = new DwarfBytes().Half(5).Byte(8, 0).Word((uint)rest.Count).Add(rest).Add(program).WithLength().ToArray();
        byte[] texts = new byte[200_000];
        System.Array.Fill(texts, (byte)'n');
        byte[] image = new ElfImage().Segment(0x8000_0000, new byte[64])
            .Section(".debug_line", lines).Section(".debug_line_str", texts).Build();

        var table = AssertCheap(image).Lines;

        Assert.That(table.TryFind(0x8000_0001, out var line), Is.True);
        Assert.That(line.File, Has.Length.LessThanOrEqualTo(4096));
    }

    [Test]
    public void A_table_of_files_of_no_bytes_each_ends()
    {
        var rest = new DwarfBytes().Byte(1, 1, 1, -5, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1)
            .Byte(0).Unsigned(ulong.MaxValue).Byte(1, 1, 0x19).Unsigned(ulong.MaxValue);
        var program = new DwarfBytes().Byte(0, 9, 2).Double(0x8000_0000).Byte(33, 2, 1, 0, 1, 1);
        byte[] lines = new DwarfBytes().Half(5).Byte(8, 0).Word((uint)rest.Count).Add(rest).Add(program).WithLength().ToArray();

        AssertCheap(new ElfImage().Segment(0x8000_0000, new byte[64]).Section(".debug_line", lines).Build());
    }

    /// <summary>Reads and looks at everything a little.</summary>
    private static ProgramInfo AssertCheap(byte[] image)
    {
        Assert.That(ElfFile.TryParse(image, out var file, out var error), Is.True, error?.Message);
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var program = new ProgramInfo(file!);
        program.Lines.TryFind(0x8000_0001, out _);
        _ = program.Lines.AddressesOf("nobody.c", 2).Count();
        _ = program.Types.Variables.Take(10).Count();
        program.Types.TryFindStructure("nobody", out _);
        program.Types.TryFindStructure("a", out _);
        long used = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Out.WriteLine($"{image.Length} bytes: {used} allocated, {watch.ElapsedMilliseconds} ms");
        Assert.That(used, Is.LessThan(50L * image.Length + (1 << 20)));
        Assert.That(watch.Elapsed, Is.LessThan(Patience));
        return program;
    }

    private static TypeCatalog Catalog(DwarfBytes entries)
    {
        Assert.That(ElfFile.TryParse(Image(WholeUnit(entries), Abbreviations()), out var file, out var error), Is.True, error?.Message);
        return new TypeCatalog(file!);
    }

    private static byte[] WholeUnit(DwarfBytes entries) =>
        new DwarfBytes().Half(4).Word(0).Byte(8).Byte(Unit).Add(entries).Byte(0).WithLength().ToArray();

    private static byte[] Image(byte[] entries, byte[] abbreviations) => new ElfImage()
        .Segment(0x8000_0000, new byte[64])
        .Section(".debug_info", entries)
        .Section(".debug_abbrev", abbreviations)
        .Build();

    private static byte[] Abbreviations()
    {
        // DWARF "Tag Encodings" and "Attribute Encodings".
        var table = new DwarfBytes();
        Shape(Unit, 0x11, true);
        Shape(Structure, 0x13, true, 0x03, FormText, 0x0b, FormData1);
        Shape(Member, 0x0d, false, 0x03, FormText, 0x38, FormData1, 0x49, FormReference);
        Shape(Nameless, 0x0d, false, 0x38, FormData1, 0x49, FormReference);
        Shape(Pointer, 0x0f, false, 0x49, FormReference);
        Shape(Typedef, 0x16, false, 0x03, FormText, 0x49, FormReference);
        Shape(Array, 0x01, true, 0x49, FormReference);
        Shape(Subrange, 0x21, false, 0x2f, FormData1);
        Shape(Variable, 0x34, false, 0x03, FormText, 0x49, FormReference, 0x02, FormBlock1);
        return table.Byte(0).ToArray();

        void Shape(int code, int tag, bool hasChildren, params ReadOnlySpan<int> attributes) =>
            table.Byte(code, tag, hasChildren ? 1 : 0).Byte(attributes).Byte(0, 0);
    }
}

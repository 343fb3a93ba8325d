using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Tests.Devices.Registers;

public sealed class RegisterTableTests
{
    private enum Two
    {
        First,
        Second,
    }

    private enum One
    {
        Only,
    }

    [Test]
    public void Two_registers_at_one_place_are_refused()
    {
        Assert.That(
            () => new RegisterTable<Two>("d", Row("a", 0, RegisterAccess.ReadWrite), Row("b", 0, RegisterAccess.ReadOnly)),
            Throws.ArgumentException.With.Message.Contains("b at 0x0 overlaps"));
    }

    [Test]
    public void A_register_to_read_and_one_to_write_may_share_a_place()
    {
        var table = new RegisterTable<Two>("d", Row("in", 0, RegisterAccess.ReadOnly), Row("out", 0, RegisterAccess.WriteOnly));

        Assert.That(table.NameOf(0, isWrite: false), Is.EqualTo("in"));
        Assert.That(table.NameOf(0, isWrite: true), Is.EqualTo("out"));
    }

    [Test]
    public void Banks_share_places_and_the_bank_in_view_decides()
    {
        var table = new RegisterTable<Two>(
            "d",
            Row("front", 0, RegisterAccess.ReadWrite) with { Bank = 0 },
            Row("back", 0, RegisterAccess.ReadWrite) with { Bank = 1 });

        Assert.That(table.NameOf(0, isWrite: false, bank: 0), Is.EqualTo("front"));
        Assert.That(table.NameOf(0, isWrite: false, bank: 1), Is.EqualTo("back"));
    }

    [Test]
    public void A_table_has_a_row_per_name() =>
        Assert.That(() => new RegisterTable<Two>("d", Row("a", 0, RegisterAccess.ReadWrite)), Throws.ArgumentException);

    [TestCase(3ul, 4, 0ul, 0xful)]
    [TestCase(0ul, 3, 0ul, 0ul)]
    [TestCase(0ul, 1, 0x100ul, 0ul)]
    [TestCase(0ul, 2, 0ul, 0x10000ul)]
    public void A_row_that_contradicts_itself_is_refused(ulong offset, int widthBytes, ulong reset, ulong mask) =>
        Assert.That(
            () => new RegisterTable<One>("d", new RegisterSpec("a", offset, widthBytes, RegisterAccess.ReadWrite, reset, mask, "", "")),
            Throws.ArgumentException);

    [Test]
    public void Interleaved_arrays_and_groups_are_told_apart_and_gaps_are_empty()
    {
        var table = new RegisterTable<Two>(
            "d",
            Row("low", 0x100, RegisterAccess.ReadWrite) with { Count = 3, StrideBytes = 8, GroupCount = 2, GroupStrideBytes = 0x40 },
            Row("high", 0x104, RegisterAccess.ReadWrite) with { Count = 3, StrideBytes = 8, GroupCount = 2, GroupStrideBytes = 0x40 });

        Assert.That(table.NameOf(0x100, false), Is.EqualTo("low[0][0]"));
        Assert.That(table.NameOf(0x114, false), Is.EqualTo("high[0][2]"));
        Assert.That(table.NameOf(0x148, false), Is.EqualTo("low[1][1]"));
        Assert.That(table.NameOf(0x118, false), Is.Null);
        Assert.That(table.NameOf(0xfc, false), Is.Null);
        Assert.That(table.NameOf(0xffff_ffff_ffff_fff8, false), Is.Null);
        Assert.That(table.SlotCount, Is.EqualTo(12));
    }

    [Test]
    public void Every_element_of_a_large_table_has_a_slot_of_its_own()
    {
        var table = new RegisterTable<Two>(
            "d",
            Row("a", 0x0, RegisterAccess.ReadWrite) with { Count = 128 },
            Row("b", 0x200000, RegisterAccess.ReadWrite) with { GroupCount = 16, GroupStrideBytes = 0x1000 });
        var slots = new HashSet<int>();
        foreach (var spec in table.Rows)
        {
            for (int index = 0; index < spec.TotalCount; index++)
            {
                Assert.That(table.TryFindForRead(spec.OffsetOf(index / spec.Count, index % spec.Count), out var hit), Is.True);
                slots.Add(hit.Slot);
            }
        }

        Assert.That(slots, Has.Count.EqualTo(144));
        Assert.That(slots.Max(), Is.EqualTo(143));
    }

    [Test]
    public void An_access_to_a_part_reaches_only_its_bytes()
    {
        var table = new RegisterTable<One>("d", new RegisterSpec(
            "wide", 0, 8, RegisterAccess.ReadClearWrite1Clear, 0x11223344_55667788, ulong.MaxValue, "", "")
        {
            Widths = AccessWidths.Any,
        });
        var file = new RegisterFile<One>(table);
        table.TryFindForRead(4, out var upper);
        table.TryFindForRead(2, out var middle);

        Assert.That(file.Peek(upper, 4), Is.EqualTo(0x11223344));
        file.Write(upper, 4, 0x00000044);
        Assert.That(file[One.Only], Is.EqualTo(0x11223300_55667788));
        Assert.That(file.Read(middle, 2), Is.EqualTo(0x5566));
        Assert.That(file[One.Only], Is.EqualTo(0x11223300_00007788));
    }

    [Test]
    public void A_lookup_allocates_nothing()
    {
        var table = new RegisterTable<One>("d", Row("a", 0, RegisterAccess.ReadWrite) with { Count = 100 });
        table.TryFindForRead(0, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong offset = 0; offset < 0x200; offset += 4)
        {
            table.TryFindForRead(offset, out _);
            table.TryFindForWrite(offset, out _);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static RegisterSpec Row(string name, ulong offset, RegisterAccess access) =>
        new(name, offset, 4, access, 0, 0xffffffff, "", "");
}

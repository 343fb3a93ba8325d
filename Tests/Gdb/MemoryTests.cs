using System.Diagnostics;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Gdb;

/// <summary>Memory by virtual and by physical address, and searching it.</summary>
internal sealed class MemoryTests
{
    private const ulong Data = BareMachine.RamBase + 0x40_0000;

    [Test]
    public void Memory_is_written_and_read_in_digits()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(client.Ask($"M{Data:x},5:0123456789"), Is.EqualTo("OK"));
        Assert.That(client.Ask($"m{Data:x},6"), Is.EqualTo("012345678900"));
        Assert.That(client.Ask($"m{Data + 1:x},2"), Is.EqualTo("2345"));
    }

    [Test]
    public void Memory_is_written_and_read_as_it_is_with_escapes()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(client.Ask($"X{Data:x},0:"), Is.EqualTo("OK"), "as gdb asks whether there is such a packet");
        Assert.That(client.Ask($"X{Data:x},7:a}}\u0003b}}\u0004}}\u005d}}\u000a\u00ff"), Is.EqualTo("OK"));
        Assert.That(client.Ask($"m{Data:x},7"), Is.EqualTo("612362247d2aff"));
        Assert.That(client.Ask($"x{Data:x},7"), Is.EqualTo("ba#b$}*\u00ff"));
    }

    [Test]
    public void Reading_stops_where_memory_ends()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        const ulong End = BareMachine.RamBase + (16 << 20);
        Assert.That(client.Ask($"m{End - 4:x},10"), Is.EqualTo("00000000"));
        Assert.That(client.Ask($"m{End:x},1"), Is.EqualTo("E0e"));
        Assert.That(client.Ask("mffffffffffffffff,ffffffffffffffff"), Is.EqualTo("E0e"));
        Assert.That(client.Ask($"m{Data:x},0"), Is.Empty);
    }

    [Test]
    public void What_is_not_ram_is_not_written_and_neither_is_half_of_it()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        const ulong End = BareMachine.RamBase + (16 << 20);
        Assert.That(client.Ask($"M{End - 2:x},4:11223344"), Is.EqualTo("E0e"));
        Assert.That(client.Ask($"m{End - 2:x},2"), Is.EqualTo("0000"));
        Assert.That(client.Ask("M1000,1:11"), Is.EqualTo("E0e"), "the boot ROM");
        Assert.That(client.Ask("M10000000,1:41"), Is.EqualTo("E0e"), "the UART");
    }

    [Test]
    public void A_megabyte_is_read_in_time()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        guest.Debugged.Ask(machine => machine.Debug.TryWritePhysical(Data, [.. Enumerable.Range(0, 1 << 20).Select(static index => (byte)(index * 7))]));
        var watch = Stopwatch.StartNew();
        var read = new StringBuilder();
        while (read.Length < 2 << 20)
        {
            read.Append(client.Ask($"m{Data + (ulong)read.Length / 2:x},{(1 << 20) - read.Length / 2:x}"));
        }

        Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(5));
        byte[] bytes = GdbClient.Bytes(read.ToString());
        Assert.That(bytes, Has.Length.EqualTo(1 << 20));
        Assert.That(bytes.Index().All(static pair => pair.Item == (byte)(pair.Index * 7)), Is.True);
    }

    /// <summary>Sv39 with one gigapage: virtual 0 is physical 0x80000000.</summary>
    [Test]
    public void Addresses_are_those_of_the_harts_page_table_unless_they_are_said_to_be_physical()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        const ulong Root = BareMachine.RamBase + 0x20_0000;
        const ulong LeafReadWrite = (BareMachine.RamBase >> 12) << 10 | 0b1100_0111;
        client.Ask($"M{Root:x},8:{GdbClient.Digits(LeafReadWrite)}");
        client.Ask($"M{Data:x},2:abcd");
        client.Ask($"P{65 + 0x180:x}={GdbClient.Digits(8UL << 60 | Root >> 12)}");
        Assert.That(client.Ask("m400000,2"), Is.EqualTo("E0e"), "M-mode translates nothing");
        client.Ask($"P1041={GdbClient.Digits(1)}");
        Assert.That(client.Ask("m400000,2"), Is.EqualTo("abcd"));
        Assert.That(client.Ask($"m{Data:x},2"), Is.EqualTo("E0e"));
        Assert.That(client.Ask("M400000,1:ef"), Is.EqualTo("OK"));

        Assert.That(client.Ask("qqemu.PhyMemMode"), Is.EqualTo("0"));
        Assert.That(client.Ask("Qqemu.PhyMemMode:1"), Is.EqualTo("OK"));
        Assert.That(client.Ask("qqemu.PhyMemMode"), Is.EqualTo("1"));
        Assert.That(client.Ask($"m{Data:x},2"), Is.EqualTo("efcd"));
        Assert.That(client.Ask($"M{Data:x},1:ab"), Is.EqualTo("OK"));
        Assert.That(client.Ask("Qqemu.PhyMemMode:0"), Is.EqualTo("OK"));
        Assert.That(client.Ask("m400000,2"), Is.EqualTo("abcd"));
    }

    [TestCase(0, "needle")]
    [TestCase(0x3_fffd, "needle")]
    [TestCase(0x8_1234, "n#$}*e")]
    public void Memory_is_searched(int offset, string needle)
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        ulong place = Data + (ulong)offset;
        client.Ask($"M{place:x},{needle.Length:x}:{Convert.ToHexString(Encoding.ASCII.GetBytes(needle))}");
        string pattern = needle.Replace("}", "}\u005d").Replace("#", "}\u0003").Replace("$", "}\u0004");
        Assert.That(client.Ask($"qSearch:memory:{Data:x};100000;{pattern}"), Is.EqualTo($"1,{place:x}"));
        Assert.That(client.Ask($"qSearch:memory:{Data:x};{offset + needle.Length - 1:x};{pattern}"), Is.EqualTo("0"), "not all of it lies within");
        Assert.That(client.Ask($"qSearch:memory:{place + 1:x};ffffffffffffffff;{pattern}"), Is.EqualTo("0"), "up to where memory ends");
        Assert.That(client.Ask($"qSearch:memory:20000000;100;{pattern}"), Is.EqualTo("E0e"));
    }
}

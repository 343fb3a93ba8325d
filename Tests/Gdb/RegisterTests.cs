using System.Xml.Linq;
using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Gdb;

/// <summary>Registers by gdb's numbers, and the description that says which there are. GDB "RISC-V Features".</summary>
internal sealed class RegisterTests
{
    private const int FirstCsr = 65;
    private const int Mscratch = FirstCsr + 0x340;
    private const int Mhartid = FirstCsr + 0xf14;
    private const int Privilege = 4161;

    [Test]
    public void All_general_registers_come_in_one_packet()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(client.Ask("P20=" + GdbClient.Digits(GdbGuest.Loop)), Is.EqualTo("OK"));
        Assert.That(client.Ask("P5=" + GdbClient.Digits(0x1122_3344_5566_7788)), Is.EqualTo("OK"));
        string registers = client.Ask("g");
        Assert.That(registers, Has.Length.EqualTo(33 * 16));
        Assert.That(registers.Substring(5 * 16, 16), Is.EqualTo("8877665544332211"), "lowest byte first");
        Assert.That(GdbClient.Value(registers.Substring(32 * 16, 16)), Is.EqualTo(GdbGuest.Loop), "pc");
    }

    [Test]
    public void All_general_registers_are_written_in_one_packet_but_for_x0()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        string digits = string.Concat(Enumerable.Range(0, 33).Select(static number => GdbClient.Digits(0x8000_0100 + (ulong)number * 2)));
        Assert.That(client.Ask("G" + digits), Is.EqualTo("OK"));
        Assert.That(client.Ask("g"), Is.EqualTo(GdbClient.Digits(0) + digits[16..]));
    }

    [Test]
    public void Each_hart_has_its_own()
    {
        using var guest = new GdbGuest(harts: 3);
        using var client = guest.Connect();
        for (ulong hart = 0; hart < 3; hart++)
        {
            Assert.That(client.Ask($"Hg{hart + 1}"), Is.EqualTo("OK"));
            Assert.That(GdbClient.Value(client.Ask($"p{Mhartid:x}")), Is.EqualTo(hart));
            Assert.That(client.Ask($"P{Mscratch:x}={GdbClient.Digits(100 + hart)}"), Is.EqualTo("OK"));
        }

        for (ulong hart = 0; hart < 3; hart++)
        {
            client.Ask($"Hg{hart + 1}");
            Assert.That(GdbClient.Value(client.Ask($"p{Mscratch:x}")), Is.EqualTo(100 + hart));
        }
    }

    [Test]
    public void Floating_point_registers_are_written_and_read()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(client.Ask("P21=" + GdbClient.Digits(BitConverter.DoubleToUInt64Bits(1.5))), Is.EqualTo("OK"));
        Assert.That(client.Ask("p21"), Is.EqualTo("000000000000f83f"));
        Assert.That(client.Ask("P44=e100000000000000"), Does.StartWith("E"), "fcsr, 65 + 3, has four bytes");
        Assert.That(client.Ask("P44=e1000000"), Is.EqualTo("OK"));
        Assert.That((client.Ask("p42"), client.Ask("p43"), client.Ask("p44")), Is.EqualTo(("01000000", "07000000", "e1000000")), "fflags, frm, fcsr");
    }

    [Test]
    public void The_privilege_mode_is_read_and_written()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(GdbClient.Value(client.Ask($"p{Privilege:x}")), Is.EqualTo(3));
        Assert.That(client.Ask($"P{Privilege:x}={GdbClient.Digits(1)}"), Is.EqualTo("OK"));
        Assert.That(GdbClient.Value(client.Ask($"p{Privilege:x}")), Is.EqualTo(1));
        Assert.That(client.Ask($"P{Privilege:x}={GdbClient.Digits(2)}"), Does.StartWith("E"), "there is no such mode");
    }

    [Test]
    public void A_csr_that_can_not_be_written_or_does_not_exist_says_so()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(client.Ask($"P{Mhartid:x}={GdbClient.Digits(7)}"), Does.StartWith("E"));
        Assert.That(client.Ask($"p{FirstCsr + 0x200:x}"), Does.StartWith("E"));
        Assert.That(client.Ask($"p{Privilege + 1:x}"), Does.StartWith("E"));
        Assert.That(client.Ask("pffffffffffffffff"), Does.StartWith("E"));
    }

    [Test]
    public void The_description_names_every_csr_once_and_each_register_can_be_read_in_the_size_it_says()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        var features = Description(client).Root!.Elements("feature").ToDictionary(static feature => feature.Attribute("name")!.Value);
        Assert.That(features.Keys, Is.EquivalentTo(new[]
        {
            "org.gnu.gdb.riscv.cpu", "org.gnu.gdb.riscv.fpu", "org.gnu.gdb.riscv.csr", "org.gnu.gdb.riscv.virtual",
        }));
        var registers = features.Values.SelectMany(static feature => feature.Elements("reg")).ToArray();
        var names = registers.Select(static register => register.Attribute("name")!.Value).ToArray();
        Assert.That(names, Is.Unique);
        Assert.That(registers.Select(static register => register.Attribute("regnum")!.Value), Is.Unique);
        Assert.That(CsrTable.Rows.Select(static row => row.Name).Except(names), Is.Empty);
        foreach (var register in registers)
        {
            int digits = int.Parse(register.Attribute("bitsize")!.Value) / 4;
            Assert.That(client.Ask($"p{int.Parse(register.Attribute("regnum")!.Value):x}"), Has.Length.EqualTo(digits), register.ToString());
        }

        // gdb's own numbers, from its table of CSRs: RISCV_FIRST_CSR_REGNUM is 65.
        foreach (var (name, number) in new[] { ("satp", 65 + 0x180), ("mstatus", 65 + 0x300), ("fcsr", 68), ("ft0", 33), ("pc", 32), ("priv", 4161) })
        {
            var register = registers.Single(register => register.Attribute("name")!.Value == name);
            Assert.That(register.Attribute("regnum")!.Value, Is.EqualTo($"{number}"), name);
        }
    }

    [Test]
    public void The_description_comes_in_pieces_of_any_size([Values(1, 7, 4096)] int size)
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Ask("QStartNoAckMode");
        client.Acknowledges = false;
        string whole = client.Ask("qXfer:features:read:target.xml:0,fffff");
        Assert.That(whole[0], Is.EqualTo('l'));
        var read = new System.Text.StringBuilder();
        string part;
        do
        {
            part = client.Ask($"qXfer:features:read:target.xml:{read.Length:x},{size:x}");
            read.Append(part.AsSpan(1));
        }
        while (part[0] == 'm');

        Assert.That(read.ToString(), Is.EqualTo(whole[1..]));
        Assert.That(client.Ask("qXfer:features:read:other.xml:0,fff"), Is.EqualTo("E00"));
    }

    internal static XDocument Description(GdbClient client) =>
        XDocument.Parse(client.Ask("qXfer:features:read:target.xml:0,fffff")[1..].Replace("<!DOCTYPE target SYSTEM \"gdb-target.dtd\">", ""));
}

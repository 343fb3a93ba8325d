using NUnit.Framework;

namespace RiscvXv6.Tests.Devices.Pci;

public sealed class PciWindowTests
{
    private PciHost _host = null!;
    private RegisterFileFunction _function = null!;
    private ulong _header;

    [SetUp]
    public void Map_a_function_in_slot_1()
    {
        _host = new PciHost();
        _function = new RegisterFileFunction();
        _host.Bus.Attach(1, 0, _function);
        _header = PciHost.ConfigAddress(0, 1, 0, 0);
        _host.Write(_header + 0x10, 0x4000_0000);
        _host.Write(_header + 0x14, 0x1000);
        _host.Write(_header + 4, 7);
    }

    [Test]
    public void Registers_answer_at_their_base_in_memory_and_in_IO_space()
    {
        _host.Write(0x4000_0010, 0xaaaa);
        _host.Write(0x0300_1004, 0xbbbb);
        _function.PeekBar(0, 0x10, 4, out uint memory);
        _function.PeekBar(1, 4, 4, out uint io);
        Assert.That((memory, io), Is.EqualTo((0xaaaau, 0xbbbbu)));
        Assert.That(_host.Read(0x4000_0010), Is.EqualTo(0xaaaa));
        Assert.That(_host.Read(0x0300_1004), Is.EqualTo(0xbbbb));
    }

    [TestCase(0x4002_0000UL)]
    [TestCase(0x7fff_fffcUL)]
    [TestCase(0x0300_0000UL)]
    [TestCase(0x0300_1040UL)]
    public void A_hole_in_a_window_reads_all_ones_and_swallows_writes_as_on_QEMU(ulong address)
    {
        Assert.That(_host.Read(address), Is.EqualTo(0xffff_ffff));
        Assert.That(_host.Read(address, 1), Is.EqualTo(0xff));
        Assert.That(_host.Read(address & ~7UL, 2), Is.EqualTo(0xffff));
        Assert.That(_host.Peek(address), Is.EqualTo(0xffff_ffff));
        _host.Write(address, 1);
    }

    [Test]
    public void A_double_word_is_two_words()
    {
        _host.Write(0x4000_0020, 0x1111_2222_3333_4444, 8);
        Assert.That(_host.Read(0x4000_0020), Is.EqualTo(0x3333_4444));
        Assert.That(_host.Read(0x4000_0024), Is.EqualTo(0x1111_2222));
        Assert.That(_host.Read(0x4000_0020, 8), Is.EqualTo(0x1111_2222_3333_4444));
    }

    [Test]
    public void Nothing_decodes_while_its_command_bit_is_clear()
    {
        _host.Write(0x4000_0000, 5);
        _host.Write(0x0300_1000, 6);
        _host.Write(_header + 4, 5);
        Assert.That(_host.Read(0x4000_0000), Is.EqualTo(0xffff_ffff));
        Assert.That(_host.Read(0x0300_1000), Is.EqualTo(6));
        _host.Write(_header + 4, 6);
        Assert.That(_host.Read(0x4000_0000), Is.EqualTo(5));
        Assert.That(_host.Read(0x0300_1000), Is.EqualTo(0xffff_ffff));
    }

    [Test]
    public void Registers_move_with_their_base()
    {
        _host.Write(0x4000_0000, 5);
        _host.Write(_header + 0x10, 0x5000_0000);
        Assert.That(_host.Read(0x4000_0000), Is.EqualTo(0xffff_ffff));
        Assert.That(_host.Read(0x5000_0000), Is.EqualTo(5));
    }

    [Test]
    public void A_peek_has_no_side_effect()
    {
        _host.Peek(0x4000_0000);
        _host.Peek(_header);
        Assert.That(_function.Reads, Is.Zero);
        _host.Read(0x4000_0000);
        Assert.That(_function.Reads, Is.EqualTo(1), "negative control");
    }

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(3, 3)]
    [TestCase(4, 0)]
    [TestCase(31, 3)]
    public void INTA_of_a_slot_leads_to_line_slot_modulo_4(int slot, int line)
    {
        var host = new PciHost();
        var function = new RegisterFileFunction();
        host.Bus.Attach(slot, 0, function);
        function.Config.SetInterrupt(true);
        Assert.That(host.Lines.Select(l => l.IsUp), Is.EqualTo(Enumerable.Range(0, 4).Select(i => i == line)));
        function.Config.SetInterrupt(false);
        Assert.That(host.Lines.Any(l => l.IsUp), Is.False);
    }

    [Test]
    public void A_shared_line_stays_up_until_the_last_function_lets_go()
    {
        var neighbour = new RegisterFileFunction();
        _host.Bus.Attach(5, 0, neighbour);
        _function.Config.SetInterrupt(true);
        neighbour.Config.SetInterrupt(true);
        _function.Config.SetInterrupt(false);
        Assert.That(_host.Lines[1].IsUp, Is.True);
        neighbour.Config.SetInterrupt(false);
        Assert.That(_host.Lines[1].IsUp, Is.False);
    }

    [Test]
    public void Interrupt_disable_masks_the_pin_but_not_the_status_bit()
    {
        _function.Config.SetInterrupt(true);
        Assert.That(_host.Lines[1].IsUp, Is.True);
        _host.Write(_header + 4, 0x407, 2);
        Assert.That(_host.Lines[1].IsUp, Is.False);
        Assert.That(_host.Read(_header + 6, 2) & 8, Is.EqualTo(8));
        _host.Write(_header + 4, 7, 2);
        Assert.That(_host.Lines[1].IsUp, Is.True);
        _function.Config.SetInterrupt(false);
        Assert.That(_host.Read(_header + 6, 2) & 8, Is.Zero);
    }
}

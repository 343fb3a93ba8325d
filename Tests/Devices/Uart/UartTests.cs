using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Uart;

namespace RiscvXv6.Tests.Devices.Uart;

public sealed class UartTests
{
    [Test]
    public void A_byte_stored_to_thr_leaves_at_once_and_the_transmitter_is_empty_again()
    {
        var uart = new UartDriver();
        foreach (byte b in "xv6"u8)
        {
            uart.Thr = b;
            Assert.That(uart.Lsr, Is.EqualTo(0x60));
        }

        Assert.That(uart.Output, Is.EqualTo("xv6"u8.ToArray()));
    }

    [Test]
    public void Dlab_brings_the_divisor_into_view_and_hides_data_and_enables()
    {
        var uart = new UartDriver { Lcr = 0x80 };
        uart.Write(0, 0x34);
        uart.Write(1, 0x12);
        Assert.That((uart.Read(0), uart.Read(1)), Is.EqualTo(((byte)0x34, (byte)0x12)));

        uart.Lcr = 0x03;

        Assert.That(uart.Output, Is.Empty);
        Assert.That(uart.Ier, Is.Zero);
    }

    [Test]
    public void Without_fifos_one_byte_is_held_and_iir_shows_no_fifo()
    {
        var uart = new UartDriver();
        uart.Receive(0x41);

        Assert.That(uart.Device.ReceiveSpace, Is.Zero);
        Assert.That(uart.Device.TryReceive(0x42), Is.False);
        Assert.That(uart.Iir, Is.EqualTo(0x01));
        Assert.That(uart.Lsr & 1, Is.EqualTo(1));
        Assert.That(uart.Rbr, Is.EqualTo(0x41));
        Assert.That(uart.Lsr & 1, Is.Zero);
    }

    [Test]
    public void With_fifos_sixteen_bytes_are_held_in_order()
    {
        var uart = new UartDriver { Fcr = 0x01 };
        for (byte b = 0; b < 16; b++)
        {
            uart.Receive(b);
        }

        Assert.That(uart.Device.TryReceive(16), Is.False);
        Assert.That(Enumerable.Range(0, 16).Select(_ => (int)uart.Rbr), Is.EqualTo(Enumerable.Range(0, 16)));
        Assert.That(uart.Lsr & 1, Is.Zero);
        Assert.That(uart.Rbr, Is.Zero);
    }

    [TestCase(0x00, 1)]
    [TestCase(0x40, 4)]
    [TestCase(0x80, 8)]
    [TestCase(0xc0, 14)]
    public void Received_data_interrupts_at_the_trigger_level(byte triggerBits, int level)
    {
        var uart = new UartDriver { Fcr = (byte)(0x01 | triggerBits), Ier = 0x01 };
        for (int count = 1; count < level; count++)
        {
            uart.Receive(0x55);
            Assert.That(uart.Line.IsUp, Is.False, $"{count} bytes");
        }

        uart.Receive(0x55);
        Assert.That(uart.Line.IsUp, Is.True);
        Assert.That(uart.Iir, Is.EqualTo(0xc4));

        _ = uart.Rbr;
        Assert.That(uart.Line.IsUp, Is.False);
    }

    [Test]
    public void Bytes_below_the_trigger_level_interrupt_after_four_character_times()
    {
        var uart = new UartDriver { Lcr = 0x03, Fcr = 0xc1, Ier = 0x01 };
        uart.Receive(0x55);

        // 10 bits at 230400/12 baud are 520.833 us, four characters 2.0833 ms.
        uart.Advance(2_083_000);
        Assert.That(uart.Line.IsUp, Is.False);
        uart.Advance(1_000);

        Assert.That(uart.Iir, Is.EqualTo(0xcc));
        Assert.That(uart.Line.IsUp, Is.True);
        Assert.That(uart.Rbr, Is.EqualTo(0x55));
        Assert.That(uart.Line.IsUp, Is.False);
        Assert.That(uart.Iir, Is.EqualTo(0xc1));
    }

    [Test]
    public void Another_byte_starts_the_character_timeout_anew()
    {
        var uart = new UartDriver { Lcr = 0x03, Fcr = 0xc1, Ier = 0x01 };
        uart.Receive(0x55);
        uart.Advance(2_000_000);
        uart.Receive(0x56);
        uart.Advance(2_000_000);
        Assert.That(uart.Line.IsUp, Is.False);

        uart.Advance(100_000);

        Assert.That(uart.Line.IsUp, Is.True);
    }

    [TestCase(0x03, 12, 520_833ul)]
    [TestCase(0x03, 2, 86_805ul)]
    [TestCase(0x00, 2, 60_763ul)]
    [TestCase(0x0f, 1, 52_083ul)]
    public void A_character_takes_its_bits_over_the_baud_rate(byte lcr, byte divisor, ulong expectedCycles)
    {
        var uart = new UartDriver { Lcr = 0x80 };
        uart.Write(0, divisor);
        uart.Lcr = lcr;

        Assert.That(uart.Device.CharacterCycles, Is.EqualTo(expectedCycles));
    }

    [Test]
    public void Enabling_the_transmitter_interrupt_raises_it_at_once()
    {
        var uart = new UartDriver { Ier = 0x02 };

        Assert.That(uart.Line.IsUp, Is.True);
        Assert.That(uart.Iir, Is.EqualTo(0x02));
    }

    [Test]
    public void A_load_of_iir_that_shows_transmitter_empty_clears_it_and_thr_raises_it_again()
    {
        var uart = new UartDriver { Ier = 0x02 };
        Assert.That(uart.Iir, Is.EqualTo(0x02));
        Assert.That(uart.Iir, Is.EqualTo(0x01));
        Assert.That(uart.Line.IsUp, Is.False);

        uart.Thr = 0x41;

        Assert.That(uart.Line.IsUp, Is.True);
        Assert.That(uart.Iir, Is.EqualTo(0x02));
    }

    [Test]
    public void A_load_of_iir_that_shows_received_data_leaves_transmitter_empty_pending()
    {
        var uart = new UartDriver { Ier = 0x03 };
        uart.Receive(0x41);

        Assert.That(uart.Iir, Is.EqualTo(0x04));
        _ = uart.Rbr;
        Assert.That(uart.Iir, Is.EqualTo(0x02));
        Assert.That(uart.Iir, Is.EqualTo(0x01));
    }

    [Test]
    public void Toggling_the_transmitter_enable_raises_a_cause_that_iir_had_cleared()
    {
        var uart = new UartDriver { Ier = 0x02 };
        _ = uart.Iir;
        uart.Ier = 0x00;
        Assert.That(uart.Iir, Is.EqualTo(0x01));

        uart.Ier = 0x02;

        Assert.That(uart.Iir, Is.EqualTo(0x02));
    }

    [Test]
    public void A_byte_that_arrives_while_transmitter_empty_was_never_read_asserts_the_line_anew_as_xv6_2020_needs()
    {
        var uart = new UartDriver { Fcr = 0x07, Ier = 0x03 };
        uart.Thr = 0x24;
        int before = uart.Line.AssertionCount;
        Assert.That(uart.Line.IsUp, Is.True);

        uart.Receive(0x41);

        Assert.That(uart.Line.AssertionCount, Is.GreaterThan(before));
    }

    [Test]
    public void Each_byte_sent_asserts_the_line_anew_though_nobody_reads_iir()
    {
        var uart = new UartDriver { Fcr = 0x07, Ier = 0x03 };
        for (int i = 0; i < 3; i++)
        {
            int before = uart.Line.AssertionCount;
            uart.Thr = 0x24;
            Assert.That(uart.Line.AssertionCount, Is.GreaterThan(before));
        }
    }

    [Test]
    public void Loopback_returns_what_is_sent_and_the_line_sees_nothing()
    {
        var uart = new UartDriver { Mcr = 0x10, Fcr = 0x01 };
        uart.Thr = 0x41;

        Assert.That(uart.Output, Is.Empty);
        Assert.That(uart.Device.ReceiveSpace, Is.Zero);
        Assert.That(uart.Device.TryReceive(0x42), Is.False);
        Assert.That(uart.Rbr, Is.EqualTo(0x41));
    }

    // NS16550A "Modem Control Register": DTR to DSR, RTS to CTS, OUT1 to RI, OUT2 to DCD.
    [TestCase(0x10, 0x00)]
    [TestCase(0x11, 0x20)]
    [TestCase(0x12, 0x10)]
    [TestCase(0x14, 0x40)]
    [TestCase(0x18, 0x80)]
    [TestCase(0x1a, 0x90)]
    [TestCase(0x1f, 0xf0)]
    public void In_loopback_the_modem_outputs_feed_the_inputs(byte mcr, byte expected)
    {
        var uart = new UartDriver { Mcr = mcr };

        Assert.That(uart.Msr & 0xf0, Is.EqualTo(expected));
    }

    [Test]
    public void Modem_changes_show_once_and_interrupt_if_enabled()
    {
        var uart = new UartDriver { Mcr = 0x1b, Ier = 0x08 };
        Assert.That(uart.Msr, Is.EqualTo(0xb0));

        uart.Mcr = 0x19;
        Assert.That(uart.Line.IsUp, Is.True);
        Assert.That(uart.Iir, Is.EqualTo(0x00));
        Assert.That(uart.Msr, Is.EqualTo(0xa1));
        Assert.That(uart.Line.IsUp, Is.False);
        Assert.That(uart.Msr, Is.EqualTo(0xa0));
    }

    [Test]
    public void Of_ring_only_the_trailing_edge_is_a_change()
    {
        var uart = new UartDriver { Mcr = 0x10 };
        _ = uart.Msr;
        uart.Mcr = 0x14;
        Assert.That(uart.Msr, Is.EqualTo(0x40));

        uart.Mcr = 0x10;

        Assert.That(uart.Msr, Is.EqualTo(0x04));
    }

    [Test]
    public void An_overrun_with_fifos_keeps_the_old_bytes_and_is_reported_once()
    {
        var uart = new UartDriver { Mcr = 0x10, Fcr = 0x01, Ier = 0x04 };
        for (byte b = 0; b < 17; b++)
        {
            uart.Thr = b;
        }

        Assert.That(uart.Iir, Is.EqualTo(0xc6));
        Assert.That(uart.Lsr, Is.EqualTo(0x63));
        Assert.That(uart.Lsr, Is.EqualTo(0x61));
        Assert.That(uart.Line.IsUp, Is.False);
        Assert.That(Enumerable.Range(0, 17).Select(_ => (int)uart.Rbr), Is.EqualTo(Enumerable.Range(0, 16).Append(0)));
    }

    [Test]
    public void An_overrun_without_fifos_keeps_the_new_byte()
    {
        var uart = new UartDriver { Mcr = 0x10 };
        uart.Thr = 0x41;
        uart.Thr = 0x42;

        Assert.That(uart.Lsr & 0x03, Is.EqualTo(0x03));
        Assert.That(uart.Rbr, Is.EqualTo(0x42));
    }

    [Test]
    public void Line_status_is_the_most_urgent_cause_and_modem_status_the_least()
    {
        var uart = new UartDriver { Mcr = 0x10, Ier = 0x0f };
        uart.Thr = 0x41;
        uart.Thr = 0x42;

        Assert.That(uart.Iir, Is.EqualTo(0x06));
        _ = uart.Lsr;
        Assert.That(uart.Iir, Is.EqualTo(0x04));
        _ = uart.Rbr;
        Assert.That(uart.Iir, Is.EqualTo(0x02));
        Assert.That(uart.Iir, Is.EqualTo(0x00));
        _ = uart.Msr;
        Assert.That(uart.Iir, Is.EqualTo(0x01));
    }

    [Test]
    public void A_break_is_shown_when_its_character_is_next_and_once()
    {
        var uart = new UartDriver { Fcr = 0x01 };
        uart.Receive(0x41);
        Assert.That(uart.Device.TryReceiveBreak(), Is.True);
        Assert.That(uart.Lsr, Is.EqualTo(0xe1));

        _ = uart.Rbr;

        Assert.That(uart.Lsr, Is.EqualTo(0xf1));
        Assert.That(uart.Lsr, Is.EqualTo(0x61));
        Assert.That(uart.Rbr, Is.Zero);
    }

    [Test]
    public void Changing_the_fifo_enable_or_clearing_the_receiver_empties_it()
    {
        var uart = new UartDriver();
        uart.Receive(0x41);
        uart.Fcr = 0x01;
        Assert.That(uart.Lsr & 1, Is.Zero);
        Assert.That(uart.Iir, Is.EqualTo(0xc1));

        uart.Receive(0x41, 0x42);
        uart.Fcr = 0x01;
        Assert.That(uart.Lsr & 1, Is.EqualTo(1));
        uart.Fcr = 0x03;
        Assert.That(uart.Lsr & 1, Is.Zero);

        uart.Fcr = 0x00;
        Assert.That(uart.Iir, Is.EqualTo(0x01));
    }

    [Test]
    public void Behind_the_eight_registers_nothing_answers()
    {
        var uart = new UartDriver();
        Assert.That(uart.Device.Read(8, 1, out _), Is.EqualTo(BusStatus.Fault));
        Assert.That(uart.Device.Write(UartRegisters.SizeBytes - 1, 1, 0), Is.EqualTo(BusStatus.Fault));
        Assert.That(uart.Device.Peek(8, 1, out _), Is.EqualTo(BusStatus.Fault));
    }

    [Test]
    public void A_wide_access_reaches_the_register_at_its_offset()
    {
        var uart = new UartDriver();
        uart.Device.Write(4, 4, 0xffff_ff03);
        uart.Device.Read(4, 4, out ulong value);

        Assert.That(value, Is.EqualTo(0x03));
    }

    [Test]
    public void Reset_restores_the_registers_and_lowers_the_line()
    {
        var uart = new UartDriver { Fcr = 0xc1, Ier = 0x0f, Lcr = 0x83, Mcr = 0x1f };
        uart.Device.Reset();

        Assert.That(uart.Line.IsUp, Is.False);
        Assert.That(uart.Device.Save(), Is.EqualTo(new UartDriver().Device.Save()));
    }
}

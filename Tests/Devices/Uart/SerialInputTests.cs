using NUnit.Framework;

namespace RiscvXv6.Tests.Devices.Uart;

public sealed class SerialInputTests
{
    /// <summary>Longer than a character takes at the reset divisor: 520,834 cycles.</summary>
    private const ulong CharacterCycles = 530_000;

    [Test]
    public void The_first_byte_arrives_at_once_and_the_next_a_character_time_later()
    {
        var uart = new UartDriver { Fcr = 0x01, Lcr = 0x03 };
        uart.Input.Enqueue("ab"u8);
        uart.Advance(0);
        Assert.That(uart.Input.PendingCount, Is.EqualTo(1));

        uart.Advance(520_000);
        Assert.That(uart.Input.PendingCount, Is.EqualTo(1));
        uart.Advance(1_000);

        Assert.That(uart.Input.PendingCount, Is.Zero);
        Assert.That((uart.Rbr, uart.Rbr), Is.EqualTo(((byte)'a', (byte)'b')));
    }

    [Test]
    public void Nothing_is_lost_however_slowly_the_guest_drains_a_receiver_without_fifos()
    {
        var uart = new UartDriver();
        Assert.That(uart.Lsr & 3, Is.Zero);
        uart.Input.Enqueue("hello"u8);
        var read = new List<byte>();
        for (int i = 0; i < 5; i++)
        {
            uart.Advance(10 * CharacterCycles);
            Assert.That(uart.Lsr & 3, Is.EqualTo(1));
            read.Add(uart.Rbr);
        }

        Assert.That(read, Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public void What_was_typed_before_the_driver_set_up_its_receiver_is_not_lost()
    {
        var uart = new UartDriver();
        uart.Input.Enqueue("ls"u8);
        uart.Advance(10 * CharacterCycles);
        Assert.That(uart.Input.PendingCount, Is.EqualTo(2));

        // xv6's uartinit: the FIFOs on and cleared, then the received-data interrupt.
        uart.Fcr = 0x07;
        uart.Ier = 0x01;
        uart.Advance(10 * CharacterCycles);

        Assert.That((uart.Rbr, uart.Rbr), Is.EqualTo(((byte)'l', (byte)'s')));
    }

    [Test]
    public void A_full_queue_takes_no_more_and_says_when_there_is_room()
    {
        var uart = new UartDriver(inputCapacity: 4);
        Assert.That(uart.Lsr & 1, Is.Zero);
        int told = 0;
        uart.Input.SpaceAvailable += () => told++;

        Assert.That(uart.Input.Enqueue("abcdef"u8), Is.EqualTo(4));
        Assert.That(uart.Input.Space, Is.Zero);
        Assert.That(uart.Input.EnqueueBreak(), Is.False);
        uart.Advance(CharacterCycles);

        Assert.That(told, Is.EqualTo(1));
        Assert.That(uart.Input.Space, Is.EqualTo(1));
    }

    [Test]
    public void Input_waits_while_the_guest_tests_its_loopback()
    {
        var uart = new UartDriver { Mcr = 0x10 };
        uart.Input.Enqueue("a"u8);
        uart.Advance(CharacterCycles);
        Assert.That(uart.Lsr & 1, Is.Zero);

        uart.Mcr = 0x08;
        uart.Advance(CharacterCycles);

        Assert.That(uart.Rbr, Is.EqualTo((byte)'a'));
    }

    [Test]
    public void A_break_keeps_its_place_in_the_queue()
    {
        var uart = new UartDriver { Fcr = 0x01 };
        uart.Input.Enqueue("a"u8);
        uart.Input.EnqueueBreak();
        uart.Input.Enqueue("b"u8);
        uart.Advance(5 * CharacterCycles);

        Assert.That(uart.Rbr, Is.EqualTo((byte)'a'));
        Assert.That(uart.Lsr & 0x10, Is.EqualTo(0x10));
        Assert.That((uart.Rbr, uart.Rbr), Is.EqualTo(((byte)0, (byte)'b')));
    }

    [Test]
    public void A_saved_queue_goes_on_where_it_was()
    {
        var first = new UartDriver { Fcr = 0x01 };
        first.Input.Enqueue("abc"u8);
        first.Advance(0);
        var second = new UartDriver();
        second.Device.Restore(first.Device.Save());
        second.Input.Restore(first.Input.Save());

        second.Advance(3 * CharacterCycles);

        Assert.That((second.Rbr, second.Rbr, second.Rbr), Is.EqualTo(((byte)'a', (byte)'b', (byte)'c')));
    }
}

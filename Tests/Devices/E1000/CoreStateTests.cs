using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.State;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Saving and restoring the card in the middle of what it does; and counters at their ends, which no test lives to see.
/// </summary>
public sealed class CoreStateTests
{
    [Test]
    public void A_restored_card_goes_on_as_the_saved_one_does()
    {
        using var first = new E1000Driver();
        first.Write(E1000Register.Itr, 300);
        first.Write(E1000Register.Ims, 0x2c4);
        first.Write(E1000Register.Ics, 0x80);
        first.Read(E1000Register.Icr);
        first.Write(E1000Register.Ics, 0x40);
        first.Write(E1000Register.Mdic, 2u << 26 | 1u << 21 | 3u << 16 | 1u << 29);
        first.Write(E1000Register.Eerd, 0x0e << 8 | 1);
        first.WritePort(0, 0x1234);
        first.Cable.Client.SetLink(isUp: false);
        first.RunTo(5_000);
        first.Cable.Client.SetLink(isUp: true);
        first.Write(E1000Register.Eecd, 0x40);

        using var second = new E1000Driver();
        second.Clock.Restore(first.Now);
        second.Bus.Restore(first.Bus.Save());
        second.Card.Restore(first.Card.Save());
        Assert.That(second.Card.Save(), Is.EqualTo(first.Card.Save()));
        for (ulong cycle = 5_000; cycle < 1_100_000; cycle += 4_300)
        {
            first.RunTo(cycle);
            second.RunTo(cycle);
            Assert.That(second.Card.Save(), Is.EqualTo(first.Card.Save()), $"at {cycle}");
            Assert.That(second.Interrupt.IsUp, Is.EqualTo(first.Interrupt.IsUp), $"at {cycle}");
        }

        Assert.That(first.Interrupt.IsUp, Is.True);
        Assert.That(first.Read(E1000Register.Icr), Is.EqualTo(0x244), "RXO, MDAC, LSC");
        Assert.That(second.Read(E1000Register.Eerd), Is.EqualTo(0x8086_0e10));
        Assert.That(second.ReadPort(0), Is.EqualTo(0x1234));
    }

    [Test]
    public void A_restored_card_has_forgotten_what_it_did_itself()
    {
        using var fresh = new E1000Driver();
        var state = fresh.Card.Save();
        var bus = fresh.Bus.Save();
        using var used = new E1000Driver();
        used.Write(E1000Register.Itr, 300);
        used.Write(E1000Register.Ims, 0x3ff);
        used.Write(E1000Register.Ics, 0x80);
        used.Read(E1000Register.Icr);
        used.Write(E1000Register.Ics, 0x80);
        used.Write(E1000Register.Mdic, 2u << 26 | 1u << 21 | 1u << 29);
        used.Cable.Client.SetLink(isUp: false);
        used.Cable.Client.SetLink(isUp: true);
        used.Clock.Restore(0);
        used.Bus.Restore(bus);
        used.Card.Restore(state);
        used.RunTo(10_000_000);
        Assert.That(used.Interrupt.IsUp, Is.False);
        Assert.That(used.Card.Save(), Is.EqualTo(state));
    }

    [Test]
    public void A_counter_is_cleared_by_its_load_and_by_no_store()
    {
        using var driver = new E1000Driver();
        Set(driver, E1000Register.Mpc, 5);
        driver.Write(E1000Register.Mpc, 0);
        Assert.That(driver.Read(E1000Register.Mpc), Is.EqualTo(5));
        Assert.That(driver.Read(E1000Register.Mpc), Is.Zero);
    }

    [TestCase(E1000Register.Gorcl, E1000Register.Gorch)]
    [TestCase(E1000Register.Gotcl, E1000Register.Gotch)]
    [TestCase(E1000Register.Torl, E1000Register.Torh)]
    [TestCase(E1000Register.Totl, E1000Register.Toth)]
    public void A_counter_of_64_bits_is_cleared_by_the_load_of_its_high_half(E1000Register low, E1000Register high)
    {
        using var driver = new E1000Driver();
        Set(driver, low, 0x1111);
        Set(driver, high, 0x22);
        Assert.That(driver.Read(low), Is.EqualTo(0x1111));
        Assert.That(driver.Read(low), Is.EqualTo(0x1111));
        Assert.That(driver.Read(high), Is.EqualTo(0x22));
        Assert.That(driver.Read(low), Is.Zero);
        Assert.That(driver.Read(high), Is.Zero);
    }

    [Test]
    public void A_reset_clears_all_counters()
    {
        using var driver = new E1000Driver();
        for (var register = E1000Register.Crcerrs; register <= E1000Register.Tsctfc; register++)
        {
            Set(driver, register, 9);
        }

        driver.Write(E1000Register.Ctrl, 1u << 26);
        for (var register = E1000Register.Crcerrs; register <= E1000Register.Tsctfc; register++)
        {
            Assert.That(driver.Peek(register), Is.Zero, $"{register}");
        }
    }

    /// <summary>Gives a counter a value that it would take long to count to, through the saved form.</summary>
    internal static void Set(E1000Driver driver, E1000Register register, ulong value)
    {
        var state = driver.Card.Save();
        ulong[] values = state.Registers.AsSpan().ToArray();
        values[E1000Registers.Table.SlotOf(register, 0, 0)] = value;
        driver.Card.Restore(state with { Registers = new ValueArray<ulong>(values) });
    }
}

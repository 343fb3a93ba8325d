using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>ICR, ICS, IMS, IMC and ITR through the windows; causes are raised by ICS.</summary>
public sealed class CoreInterruptTests
{
    private const uint Rxt0 = 1u << 7;
    private const uint Txdw = 1u << 0;

    [Test]
    public void A_load_of_the_causes_clears_them_and_drops_the_line()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ims, Rxt0);
        driver.Write(E1000Register.Ics, Rxt0 | Txdw);
        Assert.That(driver.Interrupt.IsUp, Is.True);
        Assert.That(driver.Read(E1000Register.Icr), Is.EqualTo(Rxt0 | Txdw));
        Assert.That(driver.Interrupt.IsUp, Is.False);
        Assert.That(driver.Read(E1000Register.Icr), Is.Zero);
    }

    [Test]
    public void A_store_to_the_causes_clears_those_it_names()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ims, Rxt0 | Txdw);
        driver.Write(E1000Register.Ics, Rxt0 | Txdw);
        driver.Write(E1000Register.Icr, Rxt0);
        Assert.That(driver.Interrupt.IsUp, Is.True);
        driver.Write(E1000Register.Icr, uint.MaxValue);
        Assert.That(driver.Interrupt.IsUp, Is.False);
        Assert.That(driver.Peek(E1000Register.Icr), Is.Zero);
    }

    [Test]
    public void A_store_of_zero_to_the_mask_changes_nothing()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ims, 0xdf);
        driver.Write(E1000Register.Ims, 0);
        Assert.That(driver.Read(E1000Register.Ims), Is.EqualTo(0xdf));
        driver.Write(E1000Register.Imc, uint.MaxValue);
        Assert.That(driver.Read(E1000Register.Ims), Is.Zero);
    }

    [Test]
    public void A_masked_cause_never_raises_the_line_and_unmasking_it_does()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ics, Rxt0);
        Assert.That(driver.Interrupt.AssertionCount, Is.Zero);
        driver.Write(E1000Register.Ims, Rxt0);
        Assert.That(driver.Interrupt.IsUp, Is.True);
        driver.Write(E1000Register.Imc, Rxt0);
        Assert.That(driver.Interrupt.IsUp, Is.False);
        Assert.That(driver.Read(E1000Register.Icr), Is.EqualTo(Rxt0));
    }

    [Test]
    public void A_cause_that_arises_while_the_handler_works_raises_the_line_anew()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ims, Rxt0);
        driver.Write(E1000Register.Ics, Rxt0);
        driver.Write(E1000Register.Icr, uint.MaxValue);
        driver.Write(E1000Register.Ics, Rxt0);
        Assert.That(driver.Interrupt.IsUp, Is.True);
        Assert.That(driver.Interrupt.AssertionCount, Is.EqualTo(2));
    }

    [TestCase(1000, 500u, 128_000ul)]
    [TestCase(1000, 1u, 256ul)]
    [TestCase(1000, 0xffffu, 16_776_960ul)]
    [TestCase(100, 500u, 12_800ul)]
    [TestCase(30, 1u, 8ul)]
    public void The_throttle_keeps_two_assertions_its_time_apart(int megahertz, uint units, ulong cycles)
    {
        using var driver = new E1000Driver(megahertz: megahertz);
        driver.Write(E1000Register.Itr, units);
        driver.Write(E1000Register.Ims, Rxt0);
        driver.RunTo(1000);
        driver.Write(E1000Register.Ics, Rxt0);
        Assert.That(driver.Interrupt.IsUp, Is.True, "the first is not delayed");
        driver.Read(E1000Register.Icr);
        driver.Write(E1000Register.Ics, Rxt0);
        driver.RunTo(1000 + cycles - 1);
        Assert.That(driver.Interrupt.IsUp, Is.False);
        driver.RunTo(1000 + cycles);
        Assert.That(driver.Interrupt.IsUp, Is.True);
        Assert.That(driver.Interrupt.AssertionCount, Is.EqualTo(2));
    }

    [Test]
    public void Without_a_throttle_nothing_is_delayed()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ims, Rxt0);
        for (int round = 1; round <= 100; round++)
        {
            driver.Write(E1000Register.Ics, Rxt0);
            Assert.That(driver.Interrupt.AssertionCount, Is.EqualTo(round));
            driver.Read(E1000Register.Icr);
        }
    }

    [Test]
    public void A_cause_acknowledged_while_the_throttle_holds_it_does_not_interrupt()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Itr, 100);
        driver.Write(E1000Register.Ims, Rxt0);
        driver.Write(E1000Register.Ics, Rxt0);
        driver.Read(E1000Register.Icr);
        driver.Write(E1000Register.Ics, Rxt0);
        driver.Read(E1000Register.Icr);
        driver.RunFor(1_000_000);
        Assert.That(driver.Interrupt.AssertionCount, Is.EqualTo(1));
    }

    [Test]
    public void A_throttle_set_to_zero_lets_a_held_interrupt_go()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Itr, 0xffff);
        driver.Write(E1000Register.Ims, Rxt0);
        driver.Write(E1000Register.Ics, Rxt0);
        driver.Read(E1000Register.Icr);
        driver.Write(E1000Register.Ics, Rxt0);
        Assert.That(driver.Interrupt.IsUp, Is.False);
        driver.Write(E1000Register.Itr, 0);
        Assert.That(driver.Interrupt.IsUp, Is.True);
    }

    [Test]
    public void A_forced_flush_raises_the_receiver_timer_and_clears_itself()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Rdtr, 1u << 31 | 0x123);
        Assert.That(driver.Read(E1000Register.Rdtr), Is.EqualTo(0x123));
        Assert.That(driver.Read(E1000Register.Icr), Is.EqualTo(Rxt0));
    }

    [Test]
    public void The_interrupt_disable_bit_of_the_command_register_holds_the_line()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ims, Rxt0);
        driver.WriteConfig(4, 0x407, 2);
        driver.Write(E1000Register.Ics, Rxt0);
        Assert.That(driver.Interrupt.IsUp, Is.False);
        Assert.That(driver.ReadConfig(6, 2) & 8, Is.EqualTo(8), "interrupt status");
        driver.WriteConfig(4, 0x7, 2);
        Assert.That(driver.Interrupt.IsUp, Is.True);
    }

    /// <summary>Intel's own interrupt test, as Linux's driver runs it: bits 0 to 9, reserved ones among them.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void The_interrupt_test_of_ethtool_passes(bool afterReset)
    {
        using var driver = new E1000Driver();
        if (afterReset)
        {
            driver.WritePort(0, 0);
            driver.WritePort(4, driver.Read(E1000Register.Ctrl) | 1u << 26);
        }

        driver.Write(E1000Register.Imc, uint.MaxValue);
        for (int bit = 0; bit < 10; bit++)
        {
            uint mask = 1u << bit;
            driver.Write(E1000Register.Imc, mask);
            driver.Write(E1000Register.Ics, mask);
            Assert.That(Interrupts(driver) & mask, Is.Zero, $"{bit} is masked");
            driver.Write(E1000Register.Ims, mask);
            driver.Write(E1000Register.Ics, mask);
            Assert.That(Interrupts(driver) & mask, Is.EqualTo(mask), $"{bit} is not masked");
            driver.Write(E1000Register.Imc, ~mask & 0x7fff);
            driver.Write(E1000Register.Ics, ~mask & 0x7fff);
            Assert.That(Interrupts(driver), Is.Zero, $"all but {bit} are masked");
            driver.Write(E1000Register.Imc, uint.MaxValue);
            driver.Read(E1000Register.Icr);
        }
    }

    /// <summary>What the handler of that test collects: the causes, if there was an interrupt at all.</summary>
    private static uint Interrupts(E1000Driver driver)
    {
        driver.RunFor(10_000_000);
        return driver.Interrupt.IsUp ? driver.Read(E1000Register.Icr) : 0;
    }
}

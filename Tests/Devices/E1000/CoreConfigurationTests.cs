using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>The card's configuration space, and interrupts by message.</summary>
public sealed class CoreConfigurationTests
{
    private const ulong MessageAddress = E1000Driver.MemoryBase + 0x5000;

    [Test]
    public void It_is_an_82540EM_with_interrupt_pin_A()
    {
        using var driver = new E1000Driver();
        Assert.That(driver.ReadConfig(0), Is.EqualTo(0x100e_8086));
        Assert.That(driver.ReadConfig(8) >> 8, Is.EqualTo(0x020000));
        Assert.That(driver.ReadConfig(0x3d, 1), Is.EqualTo(1));
        Assert.That(driver.ReadConfig(0x0e, 1), Is.Zero, "one function");
    }

    /// <summary>What xv6's scan writes and reads.</summary>
    [Test]
    public void Its_windows_are_128_KiB_of_memory_and_64_bytes_of_io()
    {
        using var driver = new E1000Driver();
        uint[] sizes = new uint[6];
        for (int bar = 0; bar < 6; bar++)
        {
            uint old = driver.ReadConfig(0x10 + 4 * bar);
            driver.WriteConfig(0x10 + 4 * bar, uint.MaxValue);
            sizes[bar] = driver.ReadConfig(0x10 + 4 * bar);
            driver.WriteConfig(0x10 + 4 * bar, old);
        }

        Assert.That(sizes, Is.EqualTo(new[] { 0xfffe_0000, 0xffff_ffc1, 0u, 0u, 0u, 0u }));
        Assert.That(driver.Read(E1000Register.Status), Is.EqualTo(0x283), "the addresses are restored");
    }

    [Test]
    public void Its_capabilities_are_where_the_chip_has_them()
    {
        using var driver = new E1000Driver();
        Assert.That(driver.ReadConfig(6, 2) & 0x10, Is.EqualTo(0x10), "there is a list");
        Assert.That(driver.ReadConfig(0x34, 1), Is.EqualTo(0xdc));
        Assert.That(driver.ReadConfig(0xdc, 2), Is.EqualTo(0xf001), "power management, then 0xf0");
        Assert.That(driver.ReadConfig(0xde, 2) & 7, Is.EqualTo(2), "version 1.1");
        Assert.That(driver.ReadConfig(0xf0, 2), Is.EqualTo(0x0005), "messages, the last");
        Assert.That(driver.ReadConfig(0xf2, 2), Is.EqualTo(0x80), "an address of 64 bits, disabled");
    }

    [Test]
    public void The_pin_is_used_while_messages_are_not_enabled()
    {
        using var driver = new E1000Driver();
        Program(driver, isEnabled: false);
        Raise(driver);
        Assert.That(driver.Interrupt.IsUp, Is.True);
        Assert.That(Message(driver), Is.Zero);
    }

    [Test]
    public void With_messages_each_assertion_is_a_store_and_the_pin_stays_down()
    {
        using var driver = new E1000Driver();
        Program(driver, isEnabled: true);
        Raise(driver);
        Assert.That(driver.Interrupt.AssertionCount, Is.Zero);
        Assert.That(Message(driver), Is.EqualTo(0x4711));
        driver.Memory.TryWriteUInt32(MessageAddress, 0);
        driver.Write(E1000Register.Ics, 0x10);
        Assert.That(Message(driver), Is.Zero, "not again before the causes were read");
        driver.Read(E1000Register.Icr);
        driver.Write(E1000Register.Ics, 0x80);
        Assert.That(Message(driver), Is.EqualTo(0x4711));
    }

    [Test]
    public void A_card_that_is_no_bus_master_sends_no_message()
    {
        using var driver = new E1000Driver();
        Program(driver, isEnabled: true);
        driver.WriteConfig(4, 3, 2);
        Raise(driver);
        Assert.That(Message(driver), Is.Zero);
    }

    [Test]
    public void A_message_to_where_no_memory_is_is_lost()
    {
        using var driver = new E1000Driver();
        Program(driver, isEnabled: true);
        driver.WriteConfig(0xf8, uint.MaxValue);
        Raise(driver);
        Assert.That(Message(driver), Is.Zero);
    }

    [Test]
    public void Enabling_messages_takes_the_pin_back()
    {
        using var driver = new E1000Driver();
        Raise(driver);
        Assert.That(driver.Interrupt.IsUp, Is.True);
        Program(driver, isEnabled: true);
        Assert.That(driver.Interrupt.IsUp, Is.False);
        driver.WriteConfig(0xf2, 0, 2);
        Assert.That(driver.Interrupt.IsUp, Is.True);
    }

    [Test]
    public void The_status_tells_a_bus_of_66_MHz_from_the_others()
    {
        foreach (var bus in new[] { PciBusTiming.Pcie, PciBusTiming.Pci33, PciBusTiming.Pci66 })
        {
            using var driver = new E1000Driver(change: options => options with { Bus = bus });
            bool is66 = (driver.Read(E1000Register.Status) & 1u << 11) != 0;
            Assert.That(is66, Is.EqualTo(bus == PciBusTiming.Pci66), bus.Name);
        }
    }

    [TestCase("01:00:5e:00:00:01", 1000)]
    [TestCase("52:54:00:12:34:56", 999)]
    public void A_card_with_a_group_address_or_an_unknown_speed_is_not_made(string mac, int megabits)
    {
        MacAddress.TryParse(mac, out var address);
        Assert.That(
            () => new E1000Driver(change: options => options with { Mac = address, LinkMegabits = megabits }),
            Throws.ArgumentException);
    }

    private static void Program(E1000Driver driver, bool isEnabled)
    {
        driver.WriteConfig(0xf4, (uint)MessageAddress | 3);
        driver.WriteConfig(0xf8, (uint)(MessageAddress >> 32));
        driver.WriteConfig(0xfc, 0x4711, 2);
        driver.WriteConfig(0xf2, isEnabled ? 1u : 0, 2);
        Assert.That(driver.ReadConfig(0xf4), Is.EqualTo((uint)MessageAddress), "bits 1:0 are zero");
    }

    private static void Raise(E1000Driver driver)
    {
        driver.Write(E1000Register.Ims, 0x90);
        driver.Write(E1000Register.Ics, 0x80);
    }

    private static uint Message(E1000Driver driver)
    {
        driver.Memory.TryReadUInt32(MessageAddress, out uint value);
        return value;
    }
}

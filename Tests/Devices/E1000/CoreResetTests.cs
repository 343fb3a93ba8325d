using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>CTRL.RST, the reset of the machine, and what each leaves.</summary>
public sealed class CoreResetTests
{
    public enum Way
    {
        Memory,
        Io,
        Duplicate,
    }

    [Test]
    public void A_reset_clears_rings_controls_causes_and_masks([Values] Way way)
    {
        using var driver = new E1000Driver();
        driver.SetUpTransmit();
        driver.SetUpReceive();
        driver.Write(E1000Register.Ims, 0xff);
        driver.Write(E1000Register.Ics, 0xff);
        driver.Write(E1000Register.Itr, 500);
        driver.Write(E1000Register.Mta, 0xffff, 7);
        Assert.That(driver.Interrupt.IsUp, Is.True);
        Reset(driver, way);
        foreach (var register in new[]
        {
            E1000Register.Rctl, E1000Register.Tctl, E1000Register.Icr, E1000Register.Ims, E1000Register.Itr,
            E1000Register.Tdbal, E1000Register.Tdlen, E1000Register.Tdh, E1000Register.Tdt,
            E1000Register.Rdbal, E1000Register.Rdlen, E1000Register.Rdh, E1000Register.Rdt,
        })
        {
            Assert.That(driver.Peek(register), Is.Zero, $"{register}");
        }

        Assert.That(driver.Peek(E1000Register.Mta, 7), Is.Zero);
        Assert.That(driver.Interrupt.IsUp, Is.False);
    }

    [Test]
    public void The_reset_bit_clears_itself_before_the_next_load([Values] Way way)
    {
        using var driver = new E1000Driver();
        Reset(driver, way);
        Assert.That(driver.Read(E1000Register.Ctrl) & 1u << 26, Is.Zero);
    }

    [Test]
    public void A_reset_leaves_the_configuration_space_alone([Values] Way way)
    {
        using var driver = new E1000Driver();
        uint[] before = [.. Enumerable.Range(0, 64).Select(i => driver.ReadConfig(4 * i))];
        Reset(driver, way);
        Assert.That(Enumerable.Range(0, 64).Select(i => driver.ReadConfig(4 * i)), Is.EqualTo(before));
    }

    [Test]
    public void A_reset_reads_the_cards_address_anew([Values] Way way)
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ral, 0, 0);
        driver.Write(E1000Register.Rah, 0, 0);
        driver.Write(E1000Register.Ral, 1, 3);
        Reset(driver, way);
        Assert.That(driver.Read(E1000Register.Ral, 0), Is.EqualTo(0x1200_5452), "52:54:00:12");
        Assert.That(driver.Read(E1000Register.Rah, 0), Is.EqualTo(0x8000_5634), "34:56, valid");
        Assert.That(driver.Read(E1000Register.Ral, 3), Is.Zero);
    }

    [TestCase(E1000Fidelity.Lenient, true)]
    [TestCase(E1000Fidelity.Lab, true)]
    [TestCase(E1000Fidelity.Hardware, false)]
    public void The_link_is_set_up_after_a_reset_unless_the_chip_is_taken_at_its_word(
        E1000Fidelity fidelity, bool isSet)
    {
        using var driver = new E1000Driver(fidelity);
        Assert.That((driver.Read(E1000Register.Ctrl) & 1u << 6) != 0, Is.EqualTo(isSet), "after power-on");
        driver.Write(E1000Register.Ctrl, 1u << 26);
        Assert.That((driver.Read(E1000Register.Ctrl) & 1u << 6) != 0, Is.EqualTo(isSet), "after CTRL.RST");
        Assert.That((driver.Read(E1000Register.Status) & 2) != 0, Is.EqualTo(isSet));
    }

    /// <summary>xv6 of 2019 to 2023 sets bit 22 and means the reset.</summary>
    [Test]
    public void Bit_22_of_the_control_register_resets_nothing()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ims, 0x80);
        driver.Write(E1000Register.Ctrl, driver.Read(E1000Register.Ctrl) | 1u << 22);
        Assert.That(driver.Read(E1000Register.Ims), Is.EqualTo(0x80));
    }

    [Test]
    public void No_timer_survives_a_reset([Values] Way way)
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Itr, 1000);
        driver.Write(E1000Register.Ims, 0x80);
        driver.Write(E1000Register.Ics, 0x80);
        driver.Read(E1000Register.Icr);
        driver.Write(E1000Register.Ics, 0x80);
        driver.Write(E1000Register.Mdic, 2u << 26 | 1u << 21 | 1u << 29);
        driver.Write(E1000Register.Eerd, 1);
        Reset(driver, way);
        driver.Write(E1000Register.Ims, 0x1ffff);
        driver.RunFor(100_000_000);
        Assert.That(driver.Interrupt.AssertionCount, Is.EqualTo(1), "the one before the reset");
        Assert.That(driver.Read(E1000Register.Mdic), Is.Zero);
        Assert.That(driver.Read(E1000Register.Eerd), Is.Zero);
    }

    [Test]
    public void The_reset_of_the_machine_resets_the_configuration_space_and_the_far_end_too()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Rctl, 2);
        driver.Bus.Reset();
        Assert.That(driver.ReadConfig(0x10), Is.Zero);
        Assert.That(driver.ReadConfig(4, 2), Is.Zero);
        Assert.That(driver.Cable.ResetCount, Is.EqualTo(1));
        driver.SetUpBus();
        Assert.That(driver.Read(E1000Register.Rctl), Is.Zero);
        Assert.That(driver.Read(E1000Register.Status) & 2, Is.EqualTo(2));
    }

    private static void Reset(E1000Driver driver, Way way)
    {
        switch (way)
        {
            case Way.Memory:
                driver.Write(E1000Register.Ctrl, driver.Read(E1000Register.Ctrl) | 1u << 26);
                break;
            case Way.Io:
                CoreRegisterTests.ResetByIo(driver);
                break;
            case Way.Duplicate:
                driver.Write(E1000Register.CtrlDup, 1u << 26);
                break;
        }
    }
}

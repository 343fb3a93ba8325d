using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>The PHY through MDIC, and the link that it makes.</summary>
public sealed class CorePhyTests
{
    private const uint Ready = 1u << 28;
    private const uint Error = 1u << 30;
    private const uint InterruptEnable = 1u << 29;
    private const uint Lsc = 1u << 2;
    private const uint Mdac = 1u << 9;
    private const uint LinkUp = 1u << 1;
    private const uint SetLinkUp = 1u << 6;
    private const int Negotiated = 1 << 5;
    private const int Link = 1 << 2;

    [Test]
    public void It_is_an_M88E1000_at_address_1()
    {
        using var driver = new E1000Driver();
        Assert.That(ReadPhy(driver, 2), Is.EqualTo(0x0141));
        Assert.That(ReadPhy(driver, 3) & 0xfff0, Is.EqualTo(0x0c20));
    }

    [Test]
    public void It_is_linked_and_has_negotiated_one_gigabit_in_full_duplex()
    {
        using var driver = new E1000Driver();
        const int Expected = Negotiated | Link | 1 << 8 | 1 << 3;
        Assert.That(ReadPhy(driver, 1) & Expected, Is.EqualTo(Expected));
        Assert.That(ReadPhy(driver, 0), Is.EqualTo(0x1140));
        Assert.That(ReadPhy(driver, 10) & 0x0800, Is.EqualTo(0x0800), "the partner can do 1000BASE-T in full duplex");
        Assert.That(ReadPhy(driver, 17) & 0xac00, Is.EqualTo(0xac00), "1000 Mb/s, full duplex, resolved, linked");
        Assert.That(driver.Read(E1000Register.Status), Is.EqualTo(0x283));
    }

    [TestCase(10, 0x003u, 0x2c00)]
    [TestCase(100, 0x143u, 0x6c00)]
    [TestCase(1000, 0x283u, 0xac00)]
    public void The_speed_is_the_far_ends(int megabits, uint status, int specificStatus)
    {
        using var driver = new E1000Driver(change: options => options with { LinkMegabits = megabits });
        Assert.That(driver.Read(E1000Register.Status), Is.EqualTo(status));
        Assert.That(ReadPhy(driver, 17), Is.EqualTo(specificStatus));
    }

    [TestCase(1000, 25_600ul)]
    [TestCase(10, 256ul)]
    public void An_access_takes_64_bits_at_2500_kHz(int megahertz, ulong cycles)
    {
        using var driver = new E1000Driver(megahertz: megahertz);
        driver.RunTo(77);
        driver.Write(E1000Register.Mdic, 2u << 26 | 1u << 21 | 2u << 16);
        driver.RunTo(77 + cycles - 1);
        Assert.That(driver.Read(E1000Register.Mdic) & Ready, Is.Zero);
        driver.RunTo(77 + cycles);
        Assert.That(driver.Read(E1000Register.Mdic) & (Ready | Error | 0xffff), Is.EqualTo(Ready | 0x0141));
    }

    [Test]
    public void No_other_address_answers([Values(0u, 2u, 31u)] uint address)
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Mdic, 2u << 26 | address << 21 | 2u << 16);
        driver.RunFor(1_000_000);
        Assert.That(driver.Read(E1000Register.Mdic) & (Ready | Error), Is.EqualTo(Ready | Error));
    }

    [TestCase(0u)]
    [TestCase(3u)]
    public void An_access_that_is_neither_read_nor_write_is_an_error(uint operation)
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Mdic, operation << 26 | 1u << 21);
        driver.RunFor(1_000_000);
        Assert.That(driver.Read(E1000Register.Mdic) & (Ready | Error), Is.EqualTo(Ready | Error));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_end_of_an_access_interrupts_only_if_asked_to(bool isAsked)
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ims, Mdac);
        driver.Write(E1000Register.Mdic, 2u << 26 | 1u << 21 | (isAsked ? InterruptEnable : 0));
        Assert.That(driver.Interrupt.IsUp, Is.False);
        driver.RunFor(25_600);
        Assert.That(driver.Interrupt.IsUp, Is.EqualTo(isAsked));
        Assert.That(driver.Read(E1000Register.Icr), Is.EqualTo(isAsked ? Mdac : 0));
    }

    [TestCase(4, 0x05e1)]
    [TestCase(9, 0x0300)]
    [TestCase(16, 0x0808)]
    [TestCase(20, 0x0c60)]
    [TestCase(29, 0x001f)]
    [TestCase(30, 0x8ffc)]
    public void Registers_that_drivers_set_keep_what_they_are_set_to(int register, int value)
    {
        using var driver = new E1000Driver();
        WritePhy(driver, register, value);
        Assert.That(ReadPhy(driver, register), Is.EqualTo(value));
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(15)]
    [TestCase(17)]
    [TestCase(5)]
    [TestCase(10)]
    public void Registers_that_tell_of_the_phy_cannot_be_set(int register)
    {
        using var driver = new E1000Driver();
        int before = ReadPhy(driver, register);
        WritePhy(driver, register, before ^ 0xffff);
        Assert.That(ReadPhy(driver, register), Is.EqualTo(before));
    }

    [TestCase(E1000Fidelity.Lenient, 1_000_000ul)]
    [TestCase(E1000Fidelity.Hardware, 2_000_000_000ul)]
    public void A_restart_of_negotiation_drops_the_link_for_its_time(E1000Fidelity fidelity, ulong cycles)
    {
        using var driver = new E1000Driver(fidelity);
        driver.Write(E1000Register.Ctrl, SetLinkUp);
        driver.RunTo(3_000_000_000);
        driver.Read(E1000Register.Icr);
        WritePhy(driver, 0, 0x1340);
        ulong start = driver.Now;
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.Zero);
        Assert.That(driver.Read(E1000Register.Icr) & Lsc, Is.EqualTo(Lsc));
        Assert.That(ReadPhy(driver, 0), Is.EqualTo(0x1140), "the restart bit clears itself");
        driver.RunTo(start + cycles - 1);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.Zero);
        driver.RunTo(start + cycles);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.EqualTo(LinkUp));
        Assert.That(driver.Read(E1000Register.Icr) & Lsc, Is.EqualTo(Lsc));
    }

    [TestCase(E1000Fidelity.Lenient)]
    [TestCase(E1000Fidelity.Lab)]
    public void xv6_has_a_link_when_it_first_sends_although_it_never_waits_for_one(E1000Fidelity fidelity)
    {
        using var driver = new E1000Driver(fidelity);
        driver.Write(E1000Register.Ims, 0);
        driver.Write(E1000Register.Ctrl, driver.Read(E1000Register.Ctrl) | 1u << 26);
        driver.Write(E1000Register.Ims, 0);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.EqualTo(LinkUp));
        Assert.That(driver.Read(E1000Register.Icr), Is.Zero);
    }

    [Test]
    public void Under_hardware_the_link_comes_after_two_seconds_and_only_when_it_is_set_up()
    {
        using var driver = new E1000Driver(E1000Fidelity.Hardware);
        driver.RunTo(2_500_000_000);
        Assert.That(ReadPhy(driver, 17) & 0x400, Is.EqualTo(0x400), "the PHY has its link");
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.Zero);
        Assert.That(driver.Read(E1000Register.Icr), Is.Zero);
        driver.Write(E1000Register.Ctrl, SetLinkUp);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.EqualTo(LinkUp));
        Assert.That(driver.Read(E1000Register.Icr), Is.EqualTo(Lsc));
    }

    [Test]
    public void Setting_the_link_up_raises_one_link_change()
    {
        using var driver = new E1000Driver();
        uint control = driver.Read(E1000Register.Ctrl);
        driver.Write(E1000Register.Ctrl, control & ~SetLinkUp);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.Zero);
        Assert.That(driver.Read(E1000Register.Icr), Is.EqualTo(Lsc));
        driver.Write(E1000Register.Ims, Lsc);
        driver.Write(E1000Register.Ctrl, control | SetLinkUp);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.EqualTo(LinkUp));
        Assert.That(driver.Interrupt.AssertionCount, Is.EqualTo(1));
        Assert.That(driver.Read(E1000Register.Icr), Is.EqualTo(Lsc));
        driver.Write(E1000Register.Ctrl, control | SetLinkUp);
        Assert.That(driver.Read(E1000Register.Icr), Is.Zero, "no change, no cause");
    }

    [Test]
    public void An_unplugged_cable_shows_once_more_after_it_was_plugged_in_again()
    {
        using var driver = new E1000Driver();
        Assert.That(ReadPhy(driver, 1) & Link, Is.EqualTo(Link));
        driver.Cable.Client.SetLink(isUp: false);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.Zero);
        Assert.That(driver.Read(E1000Register.Icr), Is.EqualTo(Lsc));
        driver.RunFor(50_000_000);
        Assert.That(driver.Read(E1000Register.Icr), Is.Zero, "it stays away");
        driver.Cable.Client.SetLink(isUp: true);
        driver.RunFor(1_000_000);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.EqualTo(LinkUp));
        Assert.That(driver.Read(E1000Register.Icr), Is.EqualTo(Lsc));
        Assert.That(ReadPhy(driver, 1) & Link, Is.Zero, "a loss is kept until it is read");
        Assert.That(ReadPhy(driver, 1) & (Link | Negotiated), Is.EqualTo(Link | Negotiated));
    }

    [Test]
    public void A_flap_shorter_than_negotiation_leaves_the_link_down_until_it_has_ended()
    {
        using var driver = new E1000Driver();
        driver.Cable.Client.SetLink(isUp: false);
        driver.RunFor(10);
        driver.Cable.Client.SetLink(isUp: true);
        driver.RunFor(999_999);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.Zero);
        driver.RunFor(1);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.EqualTo(LinkUp));
    }

    [Test]
    public void A_powered_down_phy_has_no_link()
    {
        using var driver = new E1000Driver();
        WritePhy(driver, 0, 0x1940);
        driver.RunFor(10_000_000);
        Assert.That(ReadPhy(driver, 1) & Link, Is.Zero);
        WritePhy(driver, 0, 0x1140);
        driver.RunFor(10_000_000);
        ReadPhy(driver, 1);
        Assert.That(ReadPhy(driver, 1) & Link, Is.EqualTo(Link));
    }

    [TestCase(0x0140, true)]
    [TestCase(0x2100, false)]
    [TestCase(0x0100, false)]
    public void A_forced_speed_links_only_with_a_far_end_of_that_speed(int control, bool isLinked)
    {
        using var driver = new E1000Driver();
        WritePhy(driver, 0, control);
        driver.RunFor(10_000_000);
        ReadPhy(driver, 1);
        Assert.That((ReadPhy(driver, 1) & Link) != 0, Is.EqualTo(isLinked));
        Assert.That(ReadPhy(driver, 1) & Negotiated, Is.Zero);
    }

    /// <summary>SDM "Device Control Register": PHY_RST holds the PHY in reset while it is 1.</summary>
    [Test]
    public void The_phys_reset_pin_holds_it_down_until_it_is_let_go()
    {
        using var driver = new E1000Driver();
        uint control = driver.Read(E1000Register.Ctrl);
        WritePhy(driver, 4, 0x0021);
        driver.Write(E1000Register.Ctrl, control | 1u << 31);
        driver.RunFor(10_000_000);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.Zero);
        driver.Write(E1000Register.Ctrl, control);
        driver.RunFor(1_000_000);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.EqualTo(LinkUp));
        Assert.That(ReadPhy(driver, 4), Is.EqualTo(0x0de1), "registers are as after power-on");
    }

    [Test]
    public void The_cards_reset_leaves_the_phy_and_its_link_alone()
    {
        using var driver = new E1000Driver();
        WritePhy(driver, 4, 0x0021);
        driver.Write(E1000Register.Ctrl, 1u << 26);
        Assert.That(ReadPhy(driver, 4), Is.EqualTo(0x0021));
        Assert.That(ReadPhy(driver, 1) & Link, Is.EqualTo(Link));
    }

    [Test]
    public void A_cable_unplugged_before_a_reset_stays_unplugged([Values] bool ofTheMachine)
    {
        using var driver = new E1000Driver();
        driver.Cable.Client.SetLink(isUp: false);
        if (ofTheMachine)
        {
            driver.Bus.Reset();
            driver.SetUpBus();
        }
        else
        {
            driver.Write(E1000Register.Ctrl, 1u << 26);
        }

        driver.RunFor(10_000_000);
        Assert.That(driver.Read(E1000Register.Status) & LinkUp, Is.Zero);
        Assert.That(driver.Read(E1000Register.Icr), Is.Zero);
    }

    [TestCase(1u << 11 | 0u << 8, 0x003u)]
    [TestCase(1u << 11 | 1u << 8, 0x143u)]
    [TestCase(1u << 11 | 2u << 8, 0x283u)]
    [TestCase(1u << 12 | 2u << 8, 0x282u)]
    public void Forced_speed_and_duplex_are_the_macs(uint control, uint status)
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ctrl, SetLinkUp | control | (control >> 12 == 0 ? 1u : 0));
        Assert.That(driver.Read(E1000Register.Status), Is.EqualTo(status));
    }

    internal static int ReadPhy(E1000Driver driver, int register)
    {
        driver.Write(E1000Register.Mdic, 2u << 26 | 1u << 21 | (uint)register << 16);
        driver.RunUntil(() => (driver.Read(E1000Register.Mdic) & Ready) != 0);
        return (int)(driver.Read(E1000Register.Mdic) & 0xffff);
    }

    internal static void WritePhy(E1000Driver driver, int register, int value)
    {
        driver.Write(E1000Register.Mdic, 1u << 26 | 1u << 21 | (uint)register << 16 | (uint)value & 0xffff);
        driver.RunUntil(() => (driver.Read(E1000Register.Mdic) & Ready) != 0);
    }
}

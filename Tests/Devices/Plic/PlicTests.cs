using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Plic;

namespace RiscvXv6.Tests.Devices.Plic;

public sealed class PlicTests
{
    private const int Disk = 1;
    private const int Serial = 10;
    private const int Nic = 33;

    private static readonly int S0 = PlicDriver.SupervisorContext(0);
    private static readonly int S1 = PlicDriver.SupervisorContext(1);

    [Test]
    public void An_asserted_source_interrupts_only_the_contexts_that_enable_it()
    {
        var plic = new PlicDriver();
        plic.SetPriority(Serial, 1);
        plic.Enable(S1, Serial);

        plic.Device.Source(Serial).Set(true);

        Assert.That(plic.Supervisor[1].IsUp, Is.True);
        Assert.That(plic.Supervisor[0].IsUp, Is.False);
        Assert.That(plic.Machine[1].IsUp, Is.False);
    }

    [Test]
    public void A_source_above_31_is_enabled_in_the_next_word()
    {
        var plic = new PlicDriver();
        plic.SetPriority(Nic, 1);
        plic.Write(0x2080 + 4, 0xffffffff);

        plic.Device.Source(Nic).Set(true);

        Assert.That(plic.Read(0x1004), Is.EqualTo(2));
        Assert.That(plic.Claim(S0), Is.EqualTo(Nic));
    }

    [Test]
    public void The_highest_priority_is_claimed_first_and_of_equals_the_lowest_id()
    {
        var plic = new PlicDriver();
        foreach (int source in new[] { Disk, Serial, Nic })
        {
            plic.Enable(S0, source);
            plic.Device.Source(source).Set(true);
        }

        plic.SetPriority(Disk, 2);
        plic.SetPriority(Serial, 7);
        plic.SetPriority(Nic, 2);

        var order = new[] { plic.Claim(S0), plic.Claim(S0), plic.Claim(S0), plic.Claim(S0) };
        Assert.That(order, Is.EqualTo(new uint[] { Serial, Disk, Nic, 0 }));
    }

    [Test]
    public void A_priority_not_above_the_threshold_is_neither_signalled_nor_claimed()
    {
        var plic = new PlicDriver();
        plic.SetPriority(Serial, 3);
        plic.Enable(S0, Serial);
        plic.Device.Source(Serial).Set(true);

        plic.SetThreshold(S0, 3);
        Assert.That(plic.Supervisor[0].IsUp, Is.False);
        Assert.That(plic.Claim(S0), Is.Zero);

        plic.SetThreshold(S0, 2);
        Assert.That(plic.Supervisor[0].IsUp, Is.True);
        Assert.That(plic.Claim(S0), Is.EqualTo(Serial));
    }

    [Test]
    public void Priority_zero_never_interrupts()
    {
        var plic = new PlicDriver();
        plic.Enable(S0, Serial);

        plic.Device.Source(Serial).Set(true);

        Assert.That(plic.Supervisor[0].IsUp, Is.False);
        Assert.That(plic.Pending(Serial), Is.EqualTo(1));
    }

    [Test]
    public void A_claim_clears_pending_and_lowers_the_line()
    {
        var plic = SerialOnHart0();
        plic.Device.Source(Serial).Set(true);

        Assert.That(plic.Claim(S0), Is.EqualTo(Serial));

        Assert.That(plic.Pending(Serial), Is.Zero);
        Assert.That(plic.Supervisor[0].IsUp, Is.False);
    }

    [Test]
    public void Two_harts_that_both_see_an_interrupt_share_one_claim()
    {
        var plic = SerialOnHart0();
        plic.Enable(S1, Serial);
        plic.Device.Source(Serial).Set(true);
        Assert.That(plic.Supervisor[1].IsUp, Is.True);

        Assert.That(plic.Claim(S0), Is.EqualTo(Serial));

        Assert.That(plic.Claim(S1), Is.Zero);
        Assert.That(plic.Supervisor[1].IsUp, Is.False);
    }

    [Test]
    public void What_comes_while_claimed_is_signalled_at_completion()
    {
        var plic = SerialOnHart0();
        var line = plic.Device.Source(Serial);
        line.Set(true);
        plic.Claim(S0);
        line.Set(false);
        line.Set(true);
        Assert.That(plic.Supervisor[0].IsUp, Is.False);
        Assert.That(plic.Pending(Serial), Is.EqualTo(1));

        plic.Complete(S0, Serial);

        Assert.That(plic.Supervisor[0].IsUp, Is.True);
    }

    [Test]
    public void A_line_that_drops_takes_its_request_back()
    {
        var plic = SerialOnHart0();
        plic.Device.Source(Serial).Set(true);

        plic.Device.Source(Serial).Set(false);

        Assert.That(plic.Pending(Serial), Is.Zero);
        Assert.That(plic.Supervisor[0].IsUp, Is.False);
    }

    [Test]
    public void A_line_that_stays_up_does_not_interrupt_again_at_completion()
    {
        var plic = SerialOnHart0();
        plic.Device.Source(Serial).Set(true);
        plic.Complete(S0, plic.Claim(S0));

        plic.Device.Source(Serial).Set(true);

        Assert.That(plic.Supervisor[0].IsUp, Is.False);
        Assert.That(plic.Claim(S0), Is.Zero);
    }

    [Test]
    public void A_pulse_on_a_line_that_never_drops_interrupts_once_each_as_the_disk_of_2019_needs()
    {
        var plic = new PlicDriver();
        plic.SetPriority(Disk, 1);
        plic.Enable(S0, Disk);
        var line = plic.Device.Source(Disk);
        for (int request = 0; request < 3; request++)
        {
            line.Pulse();
            line.Set(true);
            Assert.That(plic.Supervisor[0].IsUp, Is.True, $"request {request}");
            Assert.That(plic.Claim(S0), Is.EqualTo(Disk));
            plic.Complete(S0, Disk);
            Assert.That(plic.Supervisor[0].IsUp, Is.False, $"request {request}");
        }
    }

    [Test]
    public void Priorities_of_sources_that_do_not_exist_are_ignored()
    {
        var plic = new PlicDriver();
        plic.Write(0, 7);
        plic.Write(4 * PlicRegisters.SourceCount, 7);

        Assert.That(plic.Read(0), Is.Zero);
        Assert.That(plic.Read(4 * PlicRegisters.SourceCount), Is.Zero);
    }

    [Test]
    public void Completing_nonsense_changes_nothing()
    {
        var plic = SerialOnHart0();
        plic.Device.Source(Serial).Set(true);
        plic.Claim(S0);
        var before = plic.Device.Save();

        plic.Complete(S0, 0);
        plic.Complete(S0, 96);
        plic.Complete(S0, 0xffffffff);

        Assert.That(plic.Device.Save(), Is.EqualTo(before));
    }

    [Test]
    public void Only_aligned_words_are_answered_on_the_bus()
    {
        var bus = new SystemBus();
        bus.Map(new AddressRange(0x0c000000, PlicRegisters.SizeBytes), new PlicDriver().Device, AccessCost.OnChip);

        Assert.That(bus.ReadDevice(0x0c000004, 4, out _, out _), Is.EqualTo(BusStatus.Ok));
        Assert.That(bus.ReadDevice(0x0c000004, 1, out _, out _), Is.EqualTo(BusStatus.Fault));
        Assert.That(bus.ReadDevice(0x0c000008, 8, out _, out _), Is.EqualTo(BusStatus.Fault));
        Assert.That(bus.ReadDevice(0x0c000002, 4, out _, out _), Is.EqualTo(BusStatus.Fault));
    }

    [Test]
    public void A_peek_at_claim_shows_the_source_and_claims_nothing()
    {
        var plic = SerialOnHart0();
        plic.Device.Source(Serial).Set(true);

        plic.Device.Peek(0x201004, 4, out ulong peeked);

        Assert.That(peeked, Is.EqualTo(Serial));
        Assert.That(plic.Claim(S0), Is.EqualTo(Serial));
    }

    [Test]
    public void A_source_that_does_not_exist_cannot_be_wired()
    {
        var plic = new PlicDriver();
        Assert.That(() => plic.Device.Source(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => plic.Device.Source(96), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static PlicDriver SerialOnHart0()
    {
        var plic = new PlicDriver();
        plic.SetPriority(Serial, 1);
        plic.Enable(S0, Serial);
        return plic;
    }
}

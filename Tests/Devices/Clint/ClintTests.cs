using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.Clint;

public sealed class ClintTests
{
    [Test]
    public void Msip_drives_the_harts_own_line_and_keeps_one_bit()
    {
        var clint = new ClintDriver();
        clint.Write(4, 0xffffffff, sizeBytes: 4);
        Assert.That(clint.Read(4, sizeBytes: 4), Is.EqualTo(1));
        Assert.That((clint.Software[0].IsUp, clint.Software[1].IsUp), Is.EqualTo((false, true)));

        clint.Write(4, 0, sizeBytes: 4);

        Assert.That(clint.Software[1].IsUp, Is.False);
    }

    [TestCase(1000)]
    [TestCase(10)]
    public void Mtime_ticks_at_ten_megahertz_whatever_the_clock_frequency(int megahertz)
    {
        var clint = new ClintDriver(megahertz: megahertz);
        clint.RunTo((ulong)megahertz * 1_000_000);

        Assert.That(clint.Read(ClintDriver.Mtime), Is.EqualTo(10_000_000));
    }

    [Test]
    public void The_timer_interrupts_in_the_cycle_in_which_mtime_reaches_mtimecmp()
    {
        var clint = new ClintDriver();
        clint.Write(ClintDriver.Mtimecmp(1), 1_000_000);
        Assert.That(clint.Timer[1].IsUp, Is.False);
        clint.RunTo(99_999_999);
        Assert.That(clint.Timer[1].IsUp, Is.False);

        clint.RunTo(100_000_000);

        Assert.That(clint.Timer[1].IsUp, Is.True);
    }

    [Test]
    public void A_later_mtimecmp_takes_the_interrupt_back()
    {
        var clint = new ClintDriver();
        clint.Write(ClintDriver.Mtimecmp(0), 10);
        clint.RunTo(1000);
        Assert.That(clint.Timer[0].IsUp, Is.True);

        clint.Write(ClintDriver.Mtimecmp(0), 20);
        Assert.That(clint.Timer[0].IsUp, Is.False);

        clint.RunTo(2000);
        Assert.That(clint.Timer[0].IsUp, Is.True);
    }

    [Test]
    public void An_mtimecmp_in_the_past_interrupts_at_once()
    {
        var clint = new ClintDriver();
        clint.Write(ClintDriver.Mtimecmp(0), 100);
        clint.RunTo(5000);

        clint.Write(ClintDriver.Mtimecmp(0), 50);

        Assert.That(clint.Timer[0].IsUp, Is.True);
    }

    [Test]
    public void Mtimecmp_can_be_written_in_halves_as_rv32_does()
    {
        var clint = new ClintDriver();
        clint.Write(ClintDriver.Mtimecmp(0), 0xffffffff, sizeBytes: 4);
        clint.Write(ClintDriver.Mtimecmp(0) + 4, 0x12345678, sizeBytes: 4);
        clint.Write(ClintDriver.Mtimecmp(0), 0x9abcdef0, sizeBytes: 4);

        Assert.That(clint.Read(ClintDriver.Mtimecmp(0)), Is.EqualTo(0x12345678_9abcdef0));
        Assert.That(clint.Read(ClintDriver.Mtimecmp(0) + 4, sizeBytes: 4), Is.EqualTo(0x12345678));
    }

    [TestCase(ulong.MaxValue)]
    [TestCase(ulong.MaxValue - 1)]
    [TestCase(ulong.MaxValue / 100 + 1)]
    public void An_mtimecmp_beyond_the_clocks_range_never_interrupts(ulong mtimecmp)
    {
        var clint = new ClintDriver(hartCount: 1);
        clint.RunTo(12_345);
        clint.Write(ClintDriver.Mtimecmp(0), mtimecmp);

        Assert.That(clint.Timer[0].IsUp, Is.False);
        Assert.That(clint.Scheduler.NextDeadlineCycles, Is.EqualTo(EventScheduler.Never));
    }

    [Test]
    public void The_last_reachable_tick_is_scheduled_exactly()
    {
        var clint = new ClintDriver(hartCount: 1);
        clint.Write(ClintDriver.Mtimecmp(0), 184_467_440_737_095_516);

        Assert.That(clint.Scheduler.NextDeadlineCycles, Is.EqualTo(18_446_744_073_709_551_600));
    }

    [Test]
    public void Storing_mtime_moves_the_timers_of_all_harts()
    {
        var clint = new ClintDriver();
        clint.Write(ClintDriver.Mtimecmp(0), 1000);
        clint.Write(ClintDriver.Mtimecmp(1), 1001);
        clint.SupervisorTimers[1].Update(1000, enabled: true);

        clint.Write(ClintDriver.Mtime, 1000);

        Assert.That((clint.Timer[0].IsUp, clint.Timer[1].IsUp), Is.EqualTo((true, false)));
        Assert.That(clint.SupervisorLines[1].IsUp, Is.True);
        clint.RunTo(100);
        Assert.That(clint.Timer[1].IsUp, Is.True);
        Assert.That(clint.Read(ClintDriver.Mtime), Is.EqualTo(1001));
    }

    [Test]
    public void Storing_half_of_mtime_keeps_the_other_half()
    {
        var clint = new ClintDriver();
        clint.RunTo(700);
        clint.Write(ClintDriver.Mtime + 4, 1, sizeBytes: 4);

        Assert.That(clint.Read(ClintDriver.Mtime), Is.EqualTo(0x1_0000_0007));
        Assert.That(clint.Read(ClintDriver.Mtime + 4, sizeBytes: 4), Is.EqualTo(1));
    }

    [Test]
    public void The_line_drops_when_mtime_overflows_past_a_reached_mtimecmp()
    {
        var clint = new ClintDriver(hartCount: 1);
        clint.Write(ClintDriver.Mtimecmp(0), 5);
        clint.Write(ClintDriver.Mtime, ulong.MaxValue - 2);
        Assert.That(clint.Timer[0].IsUp, Is.True);

        clint.RunTo(300);
        Assert.That(clint.Timer[0].IsUp, Is.False);
        clint.RunTo(800);
        Assert.That(clint.Timer[0].IsUp, Is.True);
    }

    [TestCase(0ul, 8)]
    [TestCase(0x4002ul, 2)]
    public void A_width_that_a_register_does_not_have_faults(ulong offset, int sizeBytes)
    {
        var bus = new SystemBus();
        bus.Map(new AddressRange(0x2000000, 0x10000), new ClintDriver().Device, AccessCost.OnChip);

        Assert.That(bus.ReadDevice(0x2000000 + offset, sizeBytes, out _, out _), Is.EqualTo(BusStatus.Fault));
        Assert.That(bus.WriteDevice(0x2000000 + offset, sizeBytes, 1, out _), Is.EqualTo(BusStatus.Fault));
    }

    [TestCase(0x3ff8ul, BusStatus.Ok)]
    [TestCase(0xbff0ul, BusStatus.Ok)]
    [TestCase(0xc000ul, BusStatus.Fault)]
    [TestCase(0xfff8ul, BusStatus.Fault)]
    public void Behind_mtime_nothing_answers(ulong offset, BusStatus expected)
    {
        var clint = new ClintDriver();
        Assert.That(clint.Device.Read(offset, 4, out _), Is.EqualTo(expected));
        Assert.That(clint.Device.Write(offset, 4, 0), Is.EqualTo(expected));
    }

    [Test]
    public void After_reset_the_timer_interrupt_is_up_as_on_qemu()
    {
        var clint = new ClintDriver(hartCount: 1);
        Assert.That(clint.Timer[0].IsUp, Is.True);
        clint.RunTo(1_000_000);
        clint.Write(ClintDriver.Mtimecmp(0), ulong.MaxValue);

        clint.Device.Reset();

        Assert.That(clint.Timer[0].IsUp, Is.True);
        Assert.That(clint.Read(ClintDriver.Mtime), Is.Zero);
    }

    [Test]
    public void Registers_of_harts_that_do_not_exist_read_as_zero()
    {
        var clint = new ClintDriver(hartCount: 2);
        clint.Write(ClintDriver.Mtimecmp(2), 7);

        Assert.That(clint.Read(ClintDriver.Mtimecmp(2)), Is.Zero);
        Assert.That(clint.Read(8, sizeBytes: 4), Is.Zero);
    }
}

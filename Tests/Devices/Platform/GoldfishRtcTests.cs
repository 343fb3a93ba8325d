using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Platform;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Devices.Interrupts;

namespace RiscvXv6.Tests.Devices.Platform;

public sealed class GoldfishRtcTests
{
    /// <summary>2026-11-21 00:00:00 UTC.</summary>
    private const ulong BaseNs = 1_795_219_200_000_000_000;

    private GuestClock _clock = null!;
    private EventScheduler _scheduler = null!;
    private RecordingLine _line = null!;
    private GoldfishRtc _rtc = null!;

    internal static GoldfishRtc CreateDevice()
    {
        var clock = new GuestClock();
        return new GoldfishRtc(clock, new EventScheduler(clock), new RecordingLine(), baseNs: 0);
    }

    [SetUp]
    public void Build() => Build(megahertz: 1000);

    [Test]
    public void Time_is_the_base_plus_guest_time()
    {
        Assert.That(ReadTime(), Is.EqualTo(BaseNs));
        _clock.AdvanceTo(1_500_000_000);
        Assert.That(ReadTime(), Is.EqualTo(BaseNs + 1_500_000_000));
    }

    [Test]
    public void Time_is_in_nanoseconds_whatever_the_clock_frequency()
    {
        Build(megahertz: 250);
        _clock.AdvanceTo(250_000_000);

        Assert.That(ReadTime(), Is.EqualTo(BaseNs + 1_000_000_000));
    }

    [Test]
    public void A_load_of_the_low_half_latches_the_high_half()
    {
        uint low = Read(0x00);
        ulong toCarry = 0x1_0000_0000ul - low;
        _clock.AdvanceTo(toCarry);

        Assert.That(Read(0x04), Is.EqualTo((uint)(BaseNs >> 32)));
        Assert.That(Read(0x00), Is.Zero);
        Assert.That(Read(0x04), Is.EqualTo((uint)(BaseNs >> 32) + 1));
    }

    [Test]
    public void A_peek_of_the_low_half_latches_nothing()
    {
        _rtc.Peek(0, 4, out _);

        Assert.That(Read(0x04), Is.Zero);
    }

    [Test]
    public void The_time_can_be_set_and_goes_on_from_there()
    {
        Write(0x04, 1);
        Write(0x00, 5);
        _clock.AdvanceTo(10);

        Assert.That(ReadTime(), Is.EqualTo(0x1_0000_000ful));
    }

    [Test]
    public void An_alarm_interrupts_when_its_time_comes_and_not_a_cycle_before()
    {
        Write(0x10, 1);
        SetAlarm(BaseNs + 1000);
        Assert.That(Read(0x18), Is.EqualTo(1));
        RunTo(999);
        Assert.That(_line.IsUp, Is.False);

        RunTo(1000);

        Assert.That(_line.IsUp, Is.True);
        Assert.That(Read(0x18), Is.Zero);
        Write(0x1c, 1);
        Assert.That(_line.IsUp, Is.False);
    }

    [Test]
    public void An_alarm_in_the_past_fires_at_once()
    {
        Write(0x10, 1);
        SetAlarm(BaseNs - 1);

        Assert.That(_line.IsUp, Is.True);
        Assert.That(Read(0x18), Is.Zero);
    }

    [Test]
    public void A_cleared_alarm_does_not_fire()
    {
        Write(0x10, 1);
        SetAlarm(BaseNs + 1000);
        Write(0x14, 1);
        RunTo(2000);

        Assert.That(_line.IsUp, Is.False);
        Assert.That(_scheduler.NextDeadlineCycles, Is.EqualTo(EventScheduler.Never));
    }

    [Test]
    public void A_disabled_alarm_stays_pending_until_it_is_enabled()
    {
        SetAlarm(BaseNs + 1000);
        RunTo(1000);
        Assert.That(_line.IsUp, Is.False);

        Write(0x10, 1);

        Assert.That(_line.IsUp, Is.True);
    }

    [Test]
    public void Setting_the_clock_past_an_armed_alarm_fires_it()
    {
        Write(0x10, 1);
        SetAlarm(BaseNs + 0x2_0000_0000);

        Write(0x04, (uint)(BaseNs >> 32) + 3);

        Assert.That(_line.IsUp, Is.True);
    }

    [Test]
    public void An_alarm_beyond_the_clocks_range_never_fires_and_breaks_nothing()
    {
        Write(0x10, 1);
        SetAlarm(ulong.MaxValue);
        _clock.Restore(ulong.MaxValue - 5);
        Write(0x08, 0xffffffff);

        Assert.That(_line.IsUp, Is.False);
    }

    [TestCase(0x20ul, BusStatus.Ok)]
    [TestCase(0x24ul, BusStatus.Fault)]
    [TestCase(0xffcul, BusStatus.Fault)]
    public void Behind_the_registers_nothing_answers(ulong offset, BusStatus expected)
    {
        Assert.That(_rtc.Read(offset, 4, out _), Is.EqualTo(expected));
        Assert.That(_rtc.Write(offset, 4, 0), Is.EqualTo(expected));
        Assert.That(_rtc.Peek(offset, 4, out _), Is.EqualTo(expected));
    }

    private void Build(int megahertz)
    {
        _clock = new GuestClock(megahertz);
        _scheduler = new EventScheduler(_clock);
        _line = new RecordingLine();
        _rtc = new GoldfishRtc(_clock, _scheduler, _line, BaseNs);
    }

    private void SetAlarm(ulong ns)
    {
        Write(0x0c, (uint)(ns >> 32));
        Write(0x08, (uint)ns);
    }

    private ulong ReadTime()
    {
        ulong low = Read(0x00);
        return ((ulong)Read(0x04) << 32) | low;
    }

    private uint Read(ulong offset)
    {
        Assert.That(_rtc.Read(offset, 4, out ulong value), Is.EqualTo(BusStatus.Ok));
        return (uint)value;
    }

    private void Write(ulong offset, uint value) =>
        Assert.That(_rtc.Write(offset, 4, value), Is.EqualTo(BusStatus.Ok));

    private void RunTo(ulong cycles)
    {
        _clock.AdvanceTo(cycles);
        _scheduler.RunDue();
    }
}

using NUnit.Framework;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Machine;

/// <summary>What happens while every hart waits.</summary>
internal sealed class PacingTests
{
    private const ulong Mtimecmp = BareMachine.Clint + 0x4000;

    private static Program WaitsForEver => new Program().Label("again").Add("wfi").Jump("again");

    [TestCase("Virtual")]
    [TestCase("Realtime")]
    [TestCase("Strict")]
    public void A_guest_that_waits_for_ever_can_be_stopped(string pace)
    {
        var setup = new MachineSetup { MemoryBytes = 1 << 20, Pace = Enum.Parse<Pace>(pace) };
        using var guest = new BareMachine(WaitsForEver, setup);

        Assert.That(StoppedAfter(guest, TimeSpan.FromMilliseconds(50)).Reason, Is.EqualTo(StopReason.Quit));
    }

    [Test]
    public void A_timer_centuries_ahead_is_no_wait_that_the_host_refuses()
    {
        var program = new Program()
            .Constant(10, Mtimecmp).Constant(11, 1UL << 56).Add("sd", rs1: 10, rs2: 11)
            .Constant(11, 0x80).WriteCsr(0x304, 11)
            .Label("again").Add("wfi").Jump("again");
        using var guest = new BareMachine(program, new MachineSetup { MemoryBytes = 1 << 20, Pace = Pace.Realtime });

        Assert.That(StoppedAfter(guest, TimeSpan.FromMilliseconds(50)).Reason, Is.EqualTo(StopReason.Quit));
    }

    [Test]
    public void A_guest_that_sleeps_until_the_clock_ends_ends_the_run_and_not_the_process()
    {
        // The last tick that the clock can show at 100 cycles each.
        var program = new Program()
            .Constant(10, Mtimecmp).Constant(11, (ulong.MaxValue - 1) / 100).Add("sd", rs1: 10, rs2: 11)
            .Constant(11, 0x80).WriteCsr(0x304, 11)
            .Label("again").Add("wfi").Jump("again");
        using var guest = new BareMachine(program);

        Assert.That(guest.Machine.Run().Kind, Is.EqualTo(MachineExitKind.MachineError));
    }

    [Test]
    public void An_event_taken_in_the_moment_of_its_arrival_wakes_nobody_later()
    {
        var mailbox = new HostMailbox();
        const int count = 20_000;
        var posting = Task.Run(() =>
        {
            for (int index = 0; index < count; index++)
            {
                mailbox.Post(new HostEvent.ConsoleBreak());
            }
        });
        for (int taken = 0; taken < count;)
        {
            taken += mailbox.TryTake(out _) ? 1 : 0;
        }

        posting.Wait();

        Assert.That(mailbox.WaitForArrival(1_000_000), Is.False);
    }

    [Test]
    public void An_event_in_the_box_ends_a_wait_at_once()
    {
        var mailbox = new HostMailbox();
        mailbox.Post(new HostEvent.ConsoleBreak());

        Assert.That(mailbox.WaitForArrival(-1), Is.True);
        Assert.That(mailbox.TryTake(out _), Is.True);
        Assert.That(mailbox.IsEmpty, Is.True);
    }

    [TestCase("Virtual", 20_000_000UL)]
    [TestCase("Realtime", 3_000_000UL)]
    [TestCase("Strict", 3_000_000UL)]
    public void Idle_time_is_skipped_at_the_virtual_pace_and_follows_the_wall_at_the_others(string pace, ulong cycles)
    {
        var clock = new GuestClock();
        var wall = new SettableWall();
        var mailbox = new HostMailbox();
        var pacer = new Pacer(Enum.Parse<Pace>(pace), clock, wall, mailbox);

        // The next event is 20 ms away; after 3 ms of the wall somebody types.
        wall.ElapsedNanoseconds = 3_000_000;
        mailbox.Post(new HostEvent.ConsoleBreak());
        pacer.Idle(20_000_000);

        Assert.That(clock.NowCycles, Is.EqualTo(cycles));
    }

    [Test]
    public void A_guest_without_input_that_has_looked_at_the_clock_for_an_hour_keeps_no_host_busy()
    {
        const ulong tick = 100_000_000;
        const ulong hour = 36_000 * tick;
        var clock = new GuestClock();
        var mailbox = new HostMailbox();
        var pacer = new Pacer(Pace.Virtual, clock, new SettableWall(), mailbox);
        for (ulong deadline = tick; deadline <= hour; deadline += tick)
        {
            pacer.Idle(deadline);
            Assert.That(clock.NowCycles, Is.EqualTo(deadline), "skipped");
        }

        // The wall has not moved: an event in the box ends the wait at once, where the wait began.
        mailbox.Post(new HostEvent.ConsoleBreak());
        pacer.Idle(hour + tick);
        Assert.That(clock.NowCycles, Is.EqualTo(hour), "waited for");

        pacer.NoteWork();
        pacer.Idle(hour + tick);
        Assert.That(clock.NowCycles, Is.EqualTo(hour + tick), "skipped again");
    }

    [Test]
    public void A_guest_at_work_is_not_taken_to_wait()
    {
        const ulong minute = 60_000_000_000;
        var clock = new GuestClock();
        var pacer = new Pacer(Pace.Virtual, clock, new SettableWall(), new HostMailbox());
        for (ulong deadline = minute; deadline <= 20_000 * minute; deadline += minute)
        {
            for (int turn = 0; turn <= 100; turn++)
            {
                pacer.Busy();
            }

            pacer.Idle(deadline);
        }

        Assert.That(clock.NowCycles, Is.EqualTo(20_000 * minute));
    }

    [Test]
    public void Of_the_time_lost_to_a_slow_host_an_idle_guest_makes_up_no_more_than_a_tenth_of_a_second()
    {
        var clock = new GuestClock();
        var wall = new SettableWall();
        var mailbox = new HostMailbox();
        var pacer = new Pacer(Pace.Realtime, clock, wall, mailbox);
        wall.ElapsedNanoseconds = 10_000_000_000;

        // Ten seconds behind: the next event is 0.2 s away, of which 0.1 s may be skipped; a host event cuts the rest short.
        mailbox.Post(new HostEvent.ConsoleBreak());
        pacer.Idle(200_000_000);

        Assert.That(clock.NowCycles, Is.EqualTo(100_000_000));
    }

    private static MachineExit StoppedAfter(BareMachine guest, TimeSpan delay)
    {
        var run = Task.Run(() => guest.Machine.Run());
        Assert.That(run.Wait(delay), Is.False, "it waits");
        guest.Machine.RequestStop(StopReason.Quit);
        Assert.That(run.Wait(TimeSpan.FromSeconds(10)), Is.True, "it stops");
        return run.Result;
    }

    private sealed class SettableWall : IWallClock
    {
        public long ElapsedNanoseconds { get; set; }
    }
}

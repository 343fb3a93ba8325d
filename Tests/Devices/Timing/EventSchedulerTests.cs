using NUnit.Framework;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.Timing;

public sealed class EventSchedulerTests
{
    [Test]
    public void Events_fire_in_order_of_cycle_and_then_of_creation()
    {
        var clock = new GuestClock();
        var scheduler = new EventScheduler(clock);
        var fired = new List<string>();
        var first = scheduler.Create("first", () => fired.Add("first"));
        var second = scheduler.Create("second", () => fired.Add("second"));
        var third = scheduler.Create("third", () => fired.Add("third"));
        third.ScheduleAt(10);
        second.ScheduleAt(20);
        first.ScheduleAt(20);

        clock.AdvanceTo(9);
        scheduler.RunDue();
        Assert.That(fired, Is.Empty);
        clock.AdvanceTo(20);
        scheduler.RunDue();

        Assert.That(fired, Is.EqualTo(new[] { "third", "first", "second" }));
        Assert.That(scheduler.NextDeadlineCycles, Is.EqualTo(EventScheduler.Never));
    }

    [Test]
    public void A_random_sequence_of_schedules_moves_and_cancels_fires_like_a_sorted_list()
    {
        var random = new Random(20261121);
        var clock = new GuestClock();
        var scheduler = new EventScheduler(clock);
        var fired = new List<int>();
        var events = Enumerable.Range(0, 40).Select(i => scheduler.Create($"e{i}", () => fired.Add(i))).ToArray();
        var model = new Dictionary<int, ulong>();
        for (int round = 0; round < 2000; round++)
        {
            int which = random.Next(events.Length);
            if (random.Next(3) == 0)
            {
                events[which].Cancel();
                model.Remove(which);
            }
            else
            {
                ulong at = clock.NowCycles + (ulong)random.Next(500);
                events[which].ScheduleAt(at);
                model[which] = at;
            }

            if (random.Next(5) == 0)
            {
                clock.AdvanceTo(clock.NowCycles + (ulong)random.Next(200));
                var due = model.Where(e => e.Value <= clock.NowCycles).OrderBy(e => e.Value).ThenBy(e => e.Key)
                    .Select(e => e.Key).ToList();
                fired.Clear();
                scheduler.RunDue();
                Assert.That(fired, Is.EqualTo(due));
                due.ForEach(e => model.Remove(e));
            }
        }
    }
}

using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Middleware;

namespace RiscvXv6.Tests.Devices.Net.Middleware;

/// <summary>A bad network: each fault as its options say, each by seeded chance, each counted.</summary>
[TestFixture(FrameDirection.ToNetwork)]
[TestFixture(FrameDirection.ToCard)]
internal sealed class FaultTests(FrameDirection direction)
{
    private const int Many = 20_000;
    private const ulong Millisecond = 1_000_000;

    private FrameDirection Other => direction == FrameDirection.ToCard ? FrameDirection.ToNetwork : FrameDirection.ToCard;

    [Test]
    public void A_network_without_faults_passes_everything_on_at_once_as_it_is()
    {
        using var rig = Rig(new DirectionFaults());
        rig.Send(direction, 100, gapCycles: 777);
        Assert.That(rig.ArrivedAt(direction).Select(static arrival => arrival.Cycle), Is.EqualTo(Enumerable.Range(0, 100).Select(static n => n * 777)));
        Assert.That(rig.ArrivedAt(direction).Select(static arrival => arrival.Frame), Is.EqualTo(Enumerable.Range(0, 100).Select(static n => LinkRig.Frame(n))));
        Assert.That(rig.Statistics[direction].LostToFaults, Is.Zero);
        Assert.That(rig.Scheduler.NextDeadlineCycles, Is.EqualTo(ulong.MaxValue));
    }

    [Test]
    public void Losses_come_at_their_share_and_one_way_only()
    {
        // 20,000 draws at 0.1: the standard deviation is sqrt(20000 * 0.1 * 0.9) = 42.4, and five of them 212.
        using var rig = Rig(new DirectionFaults { Drop = Percent(10) });
        rig.Send(direction, Many);
        rig.Send(Other, 1000);
        ulong lost = rig.Statistics[direction].Faults(FaultKind.Drop);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lost, Is.InRange(2000 - 212, 2000 + 212));
            Assert.That(rig.ArrivedAt(direction), Has.Count.EqualTo(Many - (int)lost));
            Assert.That(rig.Statistics[direction].LostToFaults, Is.EqualTo(lost));
            Assert.That(rig.ArrivedAt(Other), Has.Count.EqualTo(1000));
        }
    }

    [Test]
    public void The_same_seed_loses_the_same_frames_and_another_one_others()
    {
        int[][] runs = [Survivors(1), Survivors(1), Survivors(2)];
        Assert.That(runs[1], Is.EqualTo(runs[0]));
        Assert.That(runs[2], Is.Not.EqualTo(runs[0]));

        int[] Survivors(ulong seed) => Numbers(seed, new DirectionFaults { Drop = Percent(30) });
    }

    [Test]
    public void Another_fault_besides_changes_nothing_about_which_frames_are_lost()
    {
        int[] alone = Numbers(1, new DirectionFaults { Drop = Percent(30) });
        int[] together = Numbers(1, new DirectionFaults
        {
            Drop = Percent(30),
            Corrupt = Percent(20),
            BadFcs = Percent(20),
            Duplicate = Percent(20),
            JitterNanoseconds = 500,
        });
        Assert.That(together.Distinct(), Is.EqualTo(alone));
    }

    [TestCase(4.0)]
    [TestCase(10.0)]
    public void Longer_bursts_are_rarer_so_that_the_share_remains(double burst)
    {
        // Bursts of b on average at a share of 0.1 begin 200,000 * 0.1 / b times: 2000 at b = 10. A burst's length is geometric, its standard
        // deviation below b, so the mean of 2000 is within 10 % (4.4 deviations); the count of bursts likewise.
        const int frames = 200_000;
        using var rig = Rig(new DirectionFaults { Drop = Percent(10), BurstFrames = burst });
        rig.Send(direction, frames, gapCycles: 1);
        bool[] arrived = new bool[frames];
        foreach (var arrival in rig.ArrivedAt(direction))
        {
            arrived[LinkRig.NumberOf(arrival.Frame)] = true;
        }

        int bursts = Enumerable.Range(1, frames - 1).Count(index => arrived[index - 1] && !arrived[index]);
        double lost = arrived.Count(static here => !here);
        Assert.That(lost / frames, Is.EqualTo(0.1).Within(0.015));
        Assert.That(lost / bursts, Is.EqualTo(burst).Within(10).Percent);
    }

    [Test]
    public void Doubled_frames_come_twice_and_are_counted()
    {
        using var rig = Rig(new DirectionFaults { Duplicate = Percent(100) });
        rig.Send(direction, 3);
        Assert.That(ArrivedNumbers(rig), Is.EqualTo(new[] { 0, 0, 1, 1, 2, 2 }));
        Assert.That(rig.Statistics[direction].Faults(FaultKind.Duplicate), Is.EqualTo(3));
        Assert.That(rig.Statistics[direction].LostToFaults, Is.Zero);
    }

    [Test]
    public void A_corrupted_frame_differs_in_one_bit_anywhere()
    {
        using var rig = Rig(new DirectionFaults { Corrupt = Percent(100) });
        byte[] sent = LinkRig.Frame(7);
        int[] hits = new int[sent.Length];
        for (int index = 0; index < 5000; index++)
        {
            rig.Send(direction, sent);
            var arrival = rig.ArrivedAt(direction)[index];
            Assert.That(arrival.Info.Flags, Is.EqualTo(FrameFlags.None));
            int different = 0;
            for (int at = 0; at < sent.Length; at++)
            {
                int bits = System.Numerics.BitOperations.PopCount((uint)(sent[at] ^ arrival.Frame[at]));
                different += bits;
                hits[at] += bits;
            }

            Assert.That(different, Is.EqualTo(1));
        }

        Assert.That(hits, Has.None.EqualTo(0), "every byte is hit some time");
        Assert.That(rig.Statistics[direction].Faults(FaultKind.Corrupt), Is.EqualTo(5000));
    }

    [Test]
    public void A_destroyed_check_sequence_is_told_and_the_bytes_are_as_they_were()
    {
        using var rig = Rig(new DirectionFaults { BadFcs = Percent(100) });
        rig.Send(direction, LinkRig.Frame(1), new FrameInfo(FrameFlags.None, 3));
        var arrival = rig.ArrivedAt(direction)[0];
        Assert.That(arrival.Info, Is.EqualTo(new FrameInfo(FrameFlags.BadFcs, 3)));
        Assert.That(arrival.Frame, Is.EqualTo(LinkRig.Frame(1)));
    }

    [Test]
    public void A_delay_is_exact_to_the_cycle()
    {
        using var rig = Rig(new DirectionFaults { DelayNanoseconds = 1234 });
        rig.Send(direction, 3, gapCycles: 100);
        rig.RunTo(Millisecond);
        Assert.That(rig.ArrivedAt(direction).Select(static arrival => arrival.Cycle), Is.EqualTo(new[] { 1234, 1334, 1434 }));
        Assert.That(ArrivedNumbers(rig), Is.EqualTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public void A_varying_delay_keeps_its_bounds_and_the_order()
    {
        using var rig = Rig(new DirectionFaults { DelayNanoseconds = 10_000, JitterNanoseconds = 5_000 });
        rig.Send(direction, 1000, gapCycles: 20_000);
        rig.RunTo(rig.Clock.NowCycles + Millisecond);
        ulong[] delays = [.. rig.ArrivedAt(direction).Select((arrival, index) => arrival.Cycle - (ulong)index * 20_000)];
        Assert.That(delays, Has.All.InRange(10_000UL, 15_000UL));
        Assert.That(delays.Distinct().Count(), Is.GreaterThan(500), "they vary");

        using var dense = Rig(new DirectionFaults { JitterNanoseconds = 5_000 });
        dense.Send(direction, 1000, gapCycles: 10);
        dense.RunTo(Millisecond);
        Assert.That(ArrivedNumbers(dense), Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public void A_slow_line_takes_its_time_for_each_frame_with_all_that_is_on_the_wire()
    {
        // 1476 bytes and 24 of preamble, check sequence and gap at 1 Mb/s: 12 ms.
        using var rig = Rig(new DirectionFaults { RateBitsPerSecond = 1_000_000 });
        rig.Send(direction, 3, gapCycles: 0, lengthBytes: 1476);
        rig.RunTo(100 * Millisecond);
        Assert.That(
            rig.ArrivedAt(direction).Select(static arrival => arrival.Cycle),
            Is.EqualTo(new[] { 12 * Millisecond, 24 * Millisecond, 36 * Millisecond }));
    }

    [Test]
    public void A_slow_line_sums_up_exactly_at_a_rate_that_divides_nothing()
    {
        // 1000 frames of 84 bytes on the wire at 7,777,777 b/s: 672,000 bits are 86,400,008.64 ns, however each one is rounded.
        using var rig = Rig(new DirectionFaults { RateBitsPerSecond = 7_777_777 });
        rig.Send(direction, 1000, gapCycles: 0);
        rig.RunTo(1000 * Millisecond);
        Assert.That(rig.ArrivedAt(direction)[^1].Cycle, Is.EqualTo(86_400_008UL));
    }

    [Test]
    public void What_finds_the_slow_lines_queue_full_is_lost()
    {
        using var rig = Rig(new DirectionFaults { RateBitsPerSecond = 1_000_000, RateQueueBytes = 3000 });
        rig.Send(direction, 10, gapCycles: 0, lengthBytes: 976);
        rig.RunTo(1000 * Millisecond);

        // Each is 1000 bytes on the wire; the third frame finds 2000 waiting and fits with its 976, the fourth finds 3000.
        Assert.That(ArrivedNumbers(rig), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(rig.Statistics[direction].LostToFaults, Is.EqualTo(7));
    }

    [TestCase(1, new[] { 1, 0, 3, 2, 5, 4 })]
    [TestCase(2, new[] { 1, 2, 0, 4, 5, 3 })]
    public void An_overtaken_frame_comes_after_so_many_later_ones(int overtakers, int[] order)
    {
        using var rig = Rig(new DirectionFaults { Reorder = Percent(100), ReorderFrames = overtakers });
        rig.Send(direction, 6);
        Assert.That(ArrivedNumbers(rig), Is.EqualTo(order));
        Assert.That(rig.Statistics[direction].Faults(FaultKind.Reorder), Is.EqualTo(6 / (overtakers + 1)));
    }

    [Test]
    public void A_frame_that_nobody_overtakes_goes_on_after_10_ms()
    {
        using var rig = Rig(new DirectionFaults { Reorder = Percent(100) });
        rig.Send(direction, LinkRig.Frame(1));
        rig.RunTo(10 * Millisecond - 1);
        Assert.That(rig.ArrivedAt(direction), Is.Empty);
        rig.RunTo(10 * Millisecond);
        Assert.That(rig.ArrivedAt(direction), Has.Count.EqualTo(1));
    }

    [Test]
    public void The_link_fails_and_returns_by_the_seed_and_what_was_on_its_way_is_lost()
    {
        var options = new FaultOptions
        {
            Seed = 3,
            FlapEveryNanoseconds = 100 * Millisecond,
            FlapDownNanoseconds = 30 * Millisecond,
            ToCard = new DirectionFaults { DelayNanoseconds = Millisecond },
            ToNetwork = new DirectionFaults { DelayNanoseconds = Millisecond },
        };
        using var rig = new LinkRig(options);
        rig.Send(direction, 1000, gapCycles: Millisecond);
        rig.RunTo(rig.Clock.NowCycles + 500 * Millisecond);

        var links = rig.Card.Links;
        Assert.That(links, Has.Count.GreaterThanOrEqualTo(10));
        for (int index = 0; index < links.Count; index++)
        {
            ulong since = links[index].Cycle - (index == 0 ? 0 : links[index - 1].Cycle);
            Assert.That(links[index].IsUp, Is.EqualTo(index % 2 == 1));
            Assert.That(since, index % 2 == 0 ? Is.InRange(50 * Millisecond, 150 * Millisecond) : Is.EqualTo(30 * Millisecond));
        }

        ulong lost = rig.Statistics[direction].Faults(FaultKind.LinkDown);
        Assert.That(lost, Is.GreaterThan(100), "30 of some 130 ms");
        Assert.That(rig.ArrivedAt(direction), Has.Count.EqualTo(1000 - (int)lost));
        Assert.That(rig.Statistics.TimesDown, Is.EqualTo((links.Count + 1) / 2));
        foreach (var arrival in rig.ArrivedAt(direction))
        {
            Assert.That(IsUpAt(links, arrival.Cycle), Is.True);
        }

        using var again = new LinkRig(options);
        again.Send(direction, 1000, gapCycles: Millisecond);
        again.RunTo(again.Clock.NowCycles + 500 * Millisecond);
        Assert.That(again.Card.Links, Is.EqualTo(links), "the same seed, the same failures");
    }

    [Test]
    public void Two_runs_with_every_fault_at_once_are_the_same()
    {
        string[][] runs = [Run(11), Run(11), Run(12)];
        Assert.That(runs[1], Is.EqualTo(runs[0]));
        Assert.That(runs[2], Is.Not.EqualTo(runs[0]));

        string[] Run(ulong seed)
        {
            var faults = new DirectionFaults
            {
                Drop = Percent(10),
                BurstFrames = 3,
                Duplicate = Percent(10),
                Corrupt = Percent(10),
                BadFcs = Percent(10),
                Reorder = Percent(10),
                ReorderFrames = 3,
                DelayNanoseconds = 20_000,
                JitterNanoseconds = 30_000,
                RateBitsPerSecond = 80_000_000,
                RateQueueBytes = 2000,
            };
            using var rig = Rig(faults, seed);
            rig.Send(direction, 5000, gapCycles: 5_000);
            rig.RunTo(rig.Clock.NowCycles + 20 * Millisecond);
            Assert.That(Enum.GetValues<FaultKind>().Where(kind => rig.Statistics[direction].Faults(kind) == 0), Is.EqualTo(new[] { FaultKind.LinkDown }));
            return [.. rig.ArrivedAt(direction).Select(static arrival =>
                $"{arrival.Cycle} {Convert.ToHexString(arrival.Frame)} {arrival.Info}")];
        }
    }

    [Test]
    public void A_card_without_room_is_asked_again_when_what_was_delayed_has_come()
    {
        if (direction == FrameDirection.ToNetwork)
        {
            return;
        }

        using var rig = Rig(new DirectionFaults { DelayNanoseconds = 1000 });
        rig.Card.ReceiveRoomFrames = 1;
        Assert.That(rig.Far.Client!.ReceiveRoomFrames, Is.EqualTo(1));
        rig.Send(direction, LinkRig.Frame(1));
        Assert.That(rig.Far.Client.ReceiveRoomFrames, Is.Zero, "one is on its way");
        rig.RunTo(1000);
        Assert.That(rig.Far.RoomAvailableCalls, Is.EqualTo(1));
    }

    [Test]
    public void The_far_end_is_disposed_with_the_link()
    {
        var rig = Rig(new DirectionFaults());
        rig.Dispose();
        Assert.That(rig.Far.IsDisposed, Is.True);
    }

    [TestCase("10%", 100_000u)]
    [TestCase("0.1", 100_000u)]
    [TestCase("250ppm", 250u)]
    [TestCase("0.0001%", 1u)]
    [TestCase("100%", 1_000_000u)]
    [TestCase("0", 0u)]
    public void A_share_is_read_exactly(string text, uint partsPerMillion)
    {
        Assert.That(Probability.TryParse(text, out var probability), Is.True);
        Assert.That(probability.PartsPerMillion, Is.EqualTo(partsPerMillion));
    }

    [TestCase("")]
    [TestCase("-1%")]
    [TestCase("101%")]
    [TestCase("1.5")]
    [TestCase("ten")]
    [TestCase("0.00001%")]
    [TestCase("NaN")]
    [TestCase("1e-3")]
    [TestCase("99999999999999999999999999999999")]
    public void What_is_no_share_is_refused(string text) => Assert.That(Probability.TryParse(text, out _), Is.False);

    private static bool IsUpAt(List<(ulong Cycle, bool IsUp)> links, ulong cycle) =>
        links.Count(link => link.Cycle < cycle) % 2 == 0;

    private static Probability Percent(uint percent) => new(percent * 10_000);

    private LinkRig Rig(DirectionFaults faults, ulong seed = 1) => new(direction == FrameDirection.ToCard
        ? new FaultOptions { Seed = seed, ToCard = faults }
        : new FaultOptions { Seed = seed, ToNetwork = faults });

    private int[] ArrivedNumbers(LinkRig rig) =>
        [.. rig.ArrivedAt(direction).Select(static arrival => LinkRig.NumberOf(arrival.Frame))];

    /// <summary>Frames' numbers as they arrive, read where no corruption of the payload matters: by their length.</summary>
    private int[] Numbers(ulong seed, DirectionFaults faults)
    {
        using var rig = Rig(faults, seed);
        for (int number = 0; number < 1000; number++)
        {
            rig.Send(direction, LinkRig.Frame(0, 60 + number));
            rig.RunTo(rig.Clock.NowCycles + 1000);
        }

        rig.RunTo(rig.Clock.NowCycles + Millisecond);
        return [.. rig.ArrivedAt(direction).Select(static arrival => arrival.Frame.Length - 60)];
    }
}

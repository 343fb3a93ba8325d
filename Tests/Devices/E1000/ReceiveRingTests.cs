using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Ring and FIFO: test statements 8, 9, 13 and 15 of the card's reference, thresholds, and what drivers do wrong.
/// </summary>
public sealed class ReceiveRingTests
{
    private const uint OverrunCause = 1 << 6;
    private const uint MinimumCause = 1 << 4;
    private const uint TimerCause = 1 << 7;

    [Test]
    public void With_rdh_equal_to_rdt_a_frame_waits_in_the_fifo_and_refilling_delivers_it()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(handOver: 0);
        bench.Receive(ReceiveBench.Frame(64));
        Assert.That(bench.Memory.Writes, Is.Empty);
        Assert.That(bench.Memory.Reads, Is.Empty);
        Assert.That(bench.Read(E1000Offset.Rnbc), Is.EqualTo(1));

        bench.Write(E1000Offset.Rdt, 1);
        bench.Run(10_000);

        Assert.That(bench.Take(handBack: false)!.Bytes, Is.EqualTo(ReceiveBench.Frame(64)));
        Assert.That(bench.Read(E1000Offset.Rnbc), Is.Zero, "it was counted once");
        Assert.That(bench.Read(E1000Offset.Mpc), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Icr) & OverrunCause, Is.Zero);
    }

    [Test]
    public void Frames_beyond_the_fifo_are_missed_and_those_before_survive()
    {
        // 48 KB hold 768 frames of 64 bytes.
        const int fit = 48 * 1024 / 64;
        const int sent = fit + 32;
        using var bench = new ReceiveBench();
        bench.StartReceiver(handOver: 0);
        for (int number = 0; number < sent; number++)
        {
            bench.Deliver(ReceiveBench.Frame(60, seed: number));
        }

        bench.Run(fit * 672ul);
        Assert.That(bench.Read(E1000Offset.Icr) & OverrunCause, Is.Zero, "not before the FIFO is full");
        bench.Run(1_000_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(bench.Read(E1000Offset.Icr) & OverrunCause, Is.EqualTo(OverrunCause));
            Assert.That(bench.Read(E1000Offset.Mpc), Is.EqualTo(32));
            Assert.That(bench.Read(E1000Offset.Rnbc), Is.EqualTo(fit));
            Assert.That(bench.Read(E1000Offset.Gprc), Is.EqualTo(fit));
            Assert.That(bench.Read(E1000Offset.Tpr), Is.EqualTo(sent));
            Assert.That(bench.Read(E1000Offset.Torl), Is.EqualTo(sent * 64));
            Assert.That(bench.Read(E1000Offset.Gorcl), Is.EqualTo(fit * 64));
        }

        bench.Write(E1000Offset.Rdt, 15);
        for (int number = 0; number < fit; number++)
        {
            bench.Run(2_000);
            Assert.That(bench.Take()!.Bytes, Is.EqualTo(ReceiveBench.Frame(60, seed: number)), $"frame {number}");
        }

        bench.Run(100_000);
        Assert.That(bench.Take(), Is.Null);
    }

    [TestCase(8u, 8)]
    [TestCase(56u, 56)]
    [TestCase(0u, 0)]
    public void Pba_sizes_the_fifo(uint kilobytes, int expected)
    {
        using var bench = new ReceiveBench();
        bench.Write(E1000Offset.Pba, kilobytes);
        bench.StartReceiver(handOver: 0);
        for (int number = 0; number < 1000; number++)
        {
            bench.Deliver(ReceiveBench.Frame(60));
        }

        bench.Run(1_000_000);

        int fit = expected * 1024 / 64;
        Assert.That(bench.Read(E1000Offset.Rnbc), Is.EqualTo(fit));
        Assert.That(bench.Read(E1000Offset.Mpc), Is.EqualTo(1000 - fit));
    }

    [TestCase(256, 3u << 16, 1514, 6)]
    [TestCase(512, 2u << 16, 1024, 2)]
    [TestCase(512, 2u << 16, 1025, 3)]
    [TestCase(1024, 1u << 16, 1514, 2)]
    [TestCase(2048, 0u, 9014, 5)]
    [TestCase(4096, 3u << 16 | 1u << 25, 9014, 3)]
    [TestCase(8192, 2u << 16 | 1u << 25, 16380, 2)]
    [TestCase(16384, 1u << 16 | 1u << 25, 16380, 1)]
    public void A_frame_fills_as_many_buffers_as_it_needs_and_ends_in_the_last(
        int bufferBytes, uint sizeBits, int lengthBytes, int descriptors)
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(control: ReceiveBench.UsualControl | ReceiveBench.LongPackets | sizeBits);
        var frame = ReceiveBench.Frame(lengthBytes);
        bench.Receive(frame);

        for (int index = 0; index < descriptors; index++)
        {
            bool isLast = index == descriptors - 1;
            int length = isLast ? lengthBytes - index * bufferBytes : bufferBytes;
            Assert.That(bench.Fields(index) & 0xffff, Is.EqualTo(length));
            Assert.That(bench.StatusOf(index) & 3, Is.EqualTo(isLast ? 3 : 1));
        }

        Assert.That(bench.StatusOf(descriptors), Is.Zero);
        Assert.That(bench.Take()!.Bytes, Is.EqualTo(frame));
    }

    [Test]
    public void A_frame_that_needs_more_descriptors_than_there_are_goes_on_when_they_come()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(control: ReceiveBench.UsualControl | 3u << 16, handOver: 2);
        var frame = ReceiveBench.Frame(1000);
        bench.Receive(frame);
        Assert.That(bench.StatusOf(0), Is.EqualTo(1));
        Assert.That(bench.StatusOf(1), Is.EqualTo(1));
        Assert.That(bench.Read(E1000Offset.Rdh), Is.EqualTo(2));
        Assert.That(bench.Read(E1000Offset.Icr) & TimerCause, Is.Zero);

        bench.Write(E1000Offset.Rdt, 4);
        bench.Run(10_000);

        Assert.That(bench.Take(handBack: false)!.Bytes, Is.EqualTo(frame));
        Assert.That(bench.Read(E1000Offset.Icr) & TimerCause, Is.EqualTo(TimerCause));
    }

    [TestCase(16u, 0u, 0)]
    [TestCase(127u, 0u, 0)]
    [TestCase(128u, 128u, 8)]
    [TestCase(300u, 256u, 16)]
    public void Rdlen_counts_in_units_of_128_bytes(uint written, uint read, int descriptors)
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(control: 0);
        bench.Write(E1000Offset.Rdlen, written);
        Assert.That(bench.Read(E1000Offset.Rdlen), Is.EqualTo(read));
        bench.Write(E1000Offset.Rdt, 7);
        bench.Write(E1000Offset.Rctl, ReceiveBench.UsualControl);
        for (int number = 0; number < 8; number++)
        {
            bench.Receive(ReceiveBench.Frame(60 + number));
        }

        Assert.That(bench.Read(E1000Offset.Rdh), Is.EqualTo(descriptors == 0 ? 0 : 7));
        Assert.That(bench.Read(E1000Offset.Rnbc), Is.EqualTo(descriptors == 0 ? 8 : 1));
        bench.Write(E1000Offset.Rdt, 0);
        bench.Run(10_000);
        Assert.That(bench.Read(E1000Offset.Rdh), Is.EqualTo(descriptors == 8 ? 0 : descriptors == 0 ? 0 : 8));
    }

    [TestCase(0u, 8)]
    [TestCase(1u, 4)]
    [TestCase(2u, 2)]
    public void Rxdmt0_comes_when_the_free_descriptors_have_become_so_few(uint threshold, int minimum)
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(descriptors: 16, control: ReceiveBench.UsualControl | threshold << 8);
        for (int free = 14; free >= 0; free--)
        {
            bench.Receive(ReceiveBench.Frame(60));
            bool isRaised = (bench.Read(E1000Offset.Icr) & MinimumCause) != 0;
            Assert.That(isRaised, Is.EqualTo(free == minimum), $"with {free} free");
        }
    }

    [Test]
    public void The_chip_fetches_all_it_can_hold_at_once_and_then_what_it_has_none_of()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(descriptors: 128);
        bench.Run(10_000);
        Assert.That(
            bench.Memory.Reads.Select(read => (read.Address, read.Length)),
            Is.EqualTo(new[] { (ReceiveBench.RingBase, 64 * 16) }));

        for (int number = 0; number < 64; number++)
        {
            bench.Receive(ReceiveBench.Frame(60));
        }

        Assert.That(
            bench.Memory.Reads.Select(read => (read.Address, read.Length)),
            Is.EqualTo(new[] { (ReceiveBench.RingBase, 64 * 16), (ReceiveBench.RingBase + 64 * 16, 63 * 16) }));
    }

    [Test]
    public void With_prefetch_thresholds_the_chip_fetches_ahead_when_enough_is_there()
    {
        using var bench = new ReceiveBench();
        const uint prefetch = 4;
        const uint host = 3;
        bench.Write(E1000Offset.Rxdctl, 1u << 24 | 1u << 16 | host << 8 | prefetch);
        bench.StartReceiver(handOver: 4);
        bench.Run(1_000);
        bench.Write(E1000Offset.Rdt, 6);
        bench.Run(1_000);
        bench.Receive(ReceiveBench.Frame(60));
        Assert.That(bench.Memory.Reads, Has.Count.EqualTo(1), "three on the chip, two in memory");

        bench.Write(E1000Offset.Rdt, 7);
        bench.Run(1_000);

        Assert.That(bench.Memory.Reads, Has.Count.EqualTo(2), "three on the chip, three in memory");
        Assert.That(bench.Memory.Reads[1].Length, Is.EqualTo(3 * 16));
    }

    [Test]
    public void Descriptors_are_held_back_until_there_are_wthresh_of_them()
    {
        using var bench = new ReceiveBench();
        bench.Write(E1000Offset.Rxdctl, 1u << 24 | 4u << 16);
        bench.Write(E1000Offset.Rdtr, 1000);
        bench.StartReceiver();
        for (int number = 0; number < 3; number++)
        {
            bench.Receive(ReceiveBench.Frame(60));
        }

        Assert.That(bench.StatusOf(0), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Rdh), Is.Zero);

        bench.Receive(ReceiveBench.Frame(60));

        Assert.That(bench.Read(E1000Offset.Rdh), Is.EqualTo(4));
        Assert.That(bench.TakeAll(), Has.Count.EqualTo(4));
        Assert.That(bench.Memory.Writes.Count(write => write.Length == 64), Is.EqualTo(1), "in one transfer");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void What_is_held_back_goes_to_memory_before_the_interrupt(bool isFlushedBySoftware)
    {
        using var bench = new ReceiveBench();
        bench.Write(E1000Offset.Rxdctl, 1u << 24 | 8u << 16);
        bench.Write(E1000Offset.Rdtr, 500);
        bench.Write(E1000Offset.Ims, TimerCause);
        bench.StartReceiver();
        bench.Receive(ReceiveBench.Frame(60));
        bench.Receive(ReceiveBench.Frame(61));
        Assert.That(bench.StatusOf(0), Is.Zero);
        if (isFlushedBySoftware)
        {
            bench.Write(E1000Offset.Rdtr, 1u << 31 | 500);
        }

        while (!bench.IsInterrupting)
        {
            Assert.That(bench.Scheduler.NextDeadlineCycles, Is.LessThan(2_000_000));
            bench.RunTo(bench.Scheduler.NextDeadlineCycles);
        }

        Assert.That(bench.TakeAll(), Has.Count.EqualTo(2));
        Assert.That(bench.Memory.Writes[^1].Cycle, Is.EqualTo(bench.Clock.NowCycles));
    }

    [Test]
    public void A_ring_that_holding_back_would_empty_is_given_back_before()
    {
        using var bench = new ReceiveBench();
        bench.Write(E1000Offset.Rxdctl, 1u << 24 | 32u << 16);
        bench.Write(E1000Offset.Rdtr, 60_000);
        bench.StartReceiver(descriptors: 8);
        for (int number = 0; number < 7; number++)
        {
            bench.Deliver(ReceiveBench.Frame(60));
        }

        bench.Run(100_000);
        Assert.That(bench.Read(E1000Offset.Rdh), Is.Zero, "the timer is to bring them back");
        bench.Deliver(ReceiveBench.Frame(60));
        bench.Run(10_000);

        Assert.That(bench.Read(E1000Offset.Rdh), Is.EqualTo(7), "for a frame waits");
    }

    [Test]
    public void Clearing_en_in_the_middle_of_a_frame_ends_that_frame_and_no_other()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        bench.Deliver(ReceiveBench.Frame(1514));
        bench.Deliver(ReceiveBench.Frame(1513));
        while (bench.Memory.Writes.Count == 0)
        {
            // The first frame's payload is on its way to memory when the last bit of it has been there for a cycle.
            bench.RunTo(bench.Scheduler.NextDeadlineCycles);
            if (bench.Clock.NowCycles > 12_000)
            {
                bench.Write(E1000Offset.Rctl, ReceiveBench.UsualControl & ~ReceiveBench.Enable);
            }
        }

        bench.Run(1_000_000);
        Assert.That(bench.TakeAll(handBack: false), Has.Count.EqualTo(1));

        bench.Write(E1000Offset.Rctl, ReceiveBench.UsualControl);
        bench.Receive(ReceiveBench.Frame(60));

        Assert.That(bench.Take()!.Bytes, Is.EqualTo(ReceiveBench.Frame(60)));
    }

    [Test]
    public void Stopping_the_receiver_with_a_zero_makes_no_buffer_larger()
    {
        for (ulong cycle = 8_050; cycle < 10_000; cycle += 7)
        {
            using var bench = new ReceiveBench();
            bench.StartReceiver(control: ReceiveBench.UsualControl | 3u << 16);
            bench.Deliver(ReceiveBench.Frame(1000));
            bench.Run(cycle);
            bench.Write(E1000Offset.Rctl, 0);
            bench.Run(100_000);
            Assert.That(bench.Memory.Writes.Select(write => write.Length), Has.All.AtMost(256), $"stopped at cycle {cycle}");
        }
    }

    [Test]
    public void After_a_reset_at_any_cycle_nothing_is_written_and_receiving_can_begin_anew()
    {
        for (ulong cycle = 0; cycle < 3_000; cycle += 7)
        {
            using var bench = new ReceiveBench();
            bench.StartReceiver(control: ReceiveBench.UsualControl | 3u << 16);
            bench.Deliver(ReceiveBench.Frame(60));
            bench.Deliver(ReceiveBench.Frame(61));
            bench.Run(cycle);
            bench.Write(E1000Offset.Ctrl, 1u << 26);
            bench.Memory.Writes.Clear();
            bench.Memory.Reads.Clear();
            bench.Run(100_000);
            Assert.That(bench.Memory.Writes, Is.Empty, $"reset at cycle {cycle}");
            Assert.That(bench.Memory.Reads, Is.Empty, $"reset at cycle {cycle}");

            bench.StartReceiver();
            bench.Receive(ReceiveBench.Frame(62));
            Assert.That(bench.Take()!.Bytes, Is.EqualTo(ReceiveBench.Frame(62)), $"reset at cycle {cycle}");
        }
    }

    [Test]
    public void Intel_s_register_test_may_enable_the_receiver_over_junk()
    {
        using var bench = new ReceiveBench();
        foreach (uint junk in (uint[])[0x5a5a_5a5a, 0xa5a5_a5a5, 0, 0xffff_ffff])
        {
            bench.Write(E1000Offset.Rdbal, junk);
            bench.Write(E1000Offset.Rdbah, junk);
            bench.Write(E1000Offset.Rdlen, junk);
            bench.Write(E1000Offset.Rdh, junk);
            bench.Write(E1000Offset.Rdt, junk);
            bench.Write(E1000Offset.Rctl, 0xffff_ffff);
            bench.Receive(ReceiveBench.Frame(60));
        }

        bench.Write(E1000Offset.Rctl, 0);
        Assert.That(bench.Memory.Writes, Is.Empty);

        bench.Write(E1000Offset.Ctrl, 1u << 26);
        bench.StartReceiver();
        bench.Receive(ReceiveBench.Frame(60));
        Assert.That(bench.Take()!.Bytes, Is.EqualTo(ReceiveBench.Frame(60)));
    }

    [Test]
    public void A_ring_outside_memory_is_not_fetched_for_ever_and_can_be_replaced()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(control: 0);
        bench.Write(E1000Offset.Rdbah, 0x7f);
        bench.Write(E1000Offset.Rctl, ReceiveBench.UsualControl);
        bench.Receive(ReceiveBench.Frame(60));
        Assert.That(bench.Card.Dma.Totals(DmaPurpose.ReceiveDescriptorFetch).Failures, Is.EqualTo(1));

        bench.Write(E1000Offset.Rdbah, 0);
        bench.Run(10_000);

        Assert.That(bench.Take()!.Bytes, Is.EqualTo(ReceiveBench.Frame(60)));
    }

    [TestCase(16u)]
    [TestCase(0xffffu)]
    public void A_tail_outside_the_ring_hands_nothing_over(uint tail)
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(handOver: (int)tail);
        bench.Receive(ReceiveBench.Frame(60));
        Assert.That(bench.Memory.Reads, Is.Empty);
        Assert.That(bench.Read(E1000Offset.Rnbc), Is.EqualTo(1));

        bench.Write(E1000Offset.Rdt, 15);
        bench.Run(10_000);

        Assert.That(bench.Take(), Is.Not.Null);
    }

    [Test]
    public void A_ring_changed_while_it_is_in_use_is_taken_up_as_it_is_now()
    {
        const ulong second = ReceiveBench.RingBase + 0x4000;
        for (ulong cycle = 500; cycle < 900; cycle += 3)
        {
            using var bench = new ReceiveBench();
            bench.StartReceiver();
            bench.Deliver(ReceiveBench.Frame(60, seed: 1));
            bench.Deliver(ReceiveBench.Frame(60, seed: 2));
            bench.Run(cycle);
            bench.Ram.TryWrite(second, BitConverter.GetBytes(ReceiveBench.BufferBase + 0x10_0000));
            bench.Write(E1000Offset.Rdbal, (uint)second);
            bench.Write(E1000Offset.Rdh, 0);
            bench.Write(E1000Offset.Rdt, 1);
            bench.Run(10_000);

            Assert.That(bench.RamAt(second + 12, 1)[0] & 3, Is.EqualTo(3), $"changed at cycle {cycle}");
            Assert.That(bench.Read(E1000Offset.Rdh), Is.EqualTo(1));
        }
    }

    [Test]
    public void A_frame_on_its_way_is_saved_and_goes_on_in_another_card()
    {
        for (ulong cycle = 0; cycle < 14_000; cycle += 119)
        {
            using var bench = new ReceiveBench();
            bench.StartReceiver(control: ReceiveBench.UsualControl | 2u << 16);
            bench.Deliver(ReceiveBench.Frame(1514));
            bench.Deliver(ReceiveBench.Frame(60));
            bench.Run(cycle);
            using var other = new ReceiveBench(ram: bench.Ram);
            other.Clock.Restore(bench.Clock.NowCycles);
            other.Card.Restore(bench.Card.Save());
            Assert.That(other.Card.Save(), Is.EqualTo(bench.Card.Save()));

            other.Run(100_000);

            other.Adopt(16);
            Assert.That(
                other.TakeAll().Select(frame => frame.Bytes),
                Is.EqualTo(new[] { ReceiveBench.Frame(1514), ReceiveBench.Frame(60) }),
                $"saved at cycle {cycle}");
        }
    }

    [TestCase(FrameFlags.None)]
    [TestCase(FrameFlags.BadFcs)]
    public void Nothing_is_allocated_for_a_frame(FrameFlags flags)
    {
        using var bench = new ReceiveBench();
        bench.Memory.IsSilent = true;
        bench.StartReceiver();
        var frame = ReceiveBench.Frame(1000);
        Assert.That(LeastAllocated(bench, frame, flags), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Gprc), flags == FrameFlags.None ? Is.AtLeast(200) : Is.Zero);
    }

    [Test]
    public void An_object_for_each_frame_is_noticed()
    {
        using var bench = new ReceiveBench();
        bench.Memory.IsSilent = true;
        bench.StartReceiver();
        bench.Card.Journal.Observer = new WastefulObserver();
        bench.Write(E1000Offset.Ims, TimerCause);
        Assert.That(LeastAllocated(bench, ReceiveBench.Frame(1000), FrameFlags.None), Is.AtLeast(100 * 24));
    }

    /// <summary>
    /// What a hundred frames allocate. A collection that another thread causes counts what is left of this thread's allocation
    /// context as used; what frames allocate shows every time.
    /// </summary>
    private static long LeastAllocated(ReceiveBench bench, byte[] frame, FrameFlags flags)
    {
        ReceiveMany(bench, frame, flags);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 4 && least != 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReceiveMany(bench, frame, flags);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static void ReceiveMany(ReceiveBench bench, byte[] frame, FrameFlags flags)
    {
        for (int number = 0; number < 100; number++)
        {
            bench.Deliver(frame, flags);
            bench.Run(20_000);
            bench.Write(E1000Offset.Rdt, (bench.Read(E1000Offset.Rdh) + 15) % 16);
        }
    }

    private sealed class WastefulObserver : IPacketObserver
    {
        public object? Last { get; private set; }

        public void Completed(in PacketRecord record) => Last = new object();
    }
}

using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Expected times are arithmetic over the buses' own figures: a clock of 30 ns, 15 ns, or a byte each nanosecond; 1
/// cycle is 1 ns.
/// </summary>
public sealed class DmaEngineTests
{
    private const ulong Base = DmaBench.RamBase;
    private const ulong ClockOf33MHz = 30;

    [TestCase(4, 8 + 1)]
    [TestCase(16, 8 + 4)]
    [TestCase(60, 8 + 15)]
    [TestCase(61, 8 + 16)]
    [TestCase(1514, 8 + 379)]
    public void A_read_holds_a_parallel_bus_for_its_overhead_and_a_clock_for_each_dword(int bytes, int clocks)
    {
        using var bench = new DmaBench(PciBusTiming.Pci33);
        bench.Channels[0].Read(Base, 0, bytes);
        bench.RunTo(1_000_000);
        Assert.That(bench.Diary, Is.EqualTo(new[] { (0, true, (ulong)clocks * ClockOf33MHz) }));
    }

    [TestCase(0u, 16, 4 + 4)]
    [TestCase(2u, 16, 4 + 5)]
    [TestCase(3u, 1, 4 + 1)]
    [TestCase(3u, 2, 4 + 2)]
    public void A_bus_moves_whole_dwords(uint misalignment, int bytes, int clocks)
    {
        using var bench = new DmaBench(PciBusTiming.Pci33);
        bench.Channels[0].Write(Base + misalignment, 0, bytes);
        bench.RunTo(1_000_000);
        Assert.That(bench.Diary, Is.EqualTo(new[] { (0, true, (ulong)clocks * ClockOf33MHz) }));
    }

    [Test]
    public void Receiving_a_frame_of_60_bytes_takes_39_clocks_of_33_MHz_PCI()
    {
        using var bench = new DmaBench(PciBusTiming.Pci33);
        bench.Channels[0].Write(Base, 0, 60);
        bench.Channels[1].Write(Base + 0x1000, 0, 16);
        bench.Channels[2].Read(Base + 0x1000, 0, 16);
        bench.RunTo(1_000_000);
        Assert.That(bench.Diary[^1], Is.EqualTo((2, true, 1_170ul)));
    }

    [Test]
    public void The_same_takes_half_the_time_at_66_MHz()
    {
        using var bench = new DmaBench(PciBusTiming.Pci66);
        bench.Channels[0].Write(Base, 0, 60);
        bench.Channels[1].Write(Base + 0x1000, 0, 16);
        bench.Channels[2].Read(Base + 0x1000, 0, 16);
        bench.RunTo(1_000_000);
        Assert.That(bench.Diary[^1], Is.EqualTo((2, true, 585ul)));
    }

    // Requests of 512 bytes cost 20 each, then 200 in memory, then completions of 128 with 20 each.
    [TestCase(4, 20 + 200 + 20 + 4)]
    [TestCase(64, 20 + 200 + 20 + 64)]
    [TestCase(129, 20 + 200 + 2 * 20 + 132)]
    [TestCase(1514, 3 * 20 + 200 + 12 * 20 + 1516)]
    public void A_read_over_a_link_is_a_request_a_wait_and_completions(int bytes, int nanoseconds)
    {
        using var bench = new DmaBench(PciBusTiming.Pcie);
        bench.Channels[0].Read(Base, 0, bytes);
        bench.RunTo(1_000_000);
        Assert.That(bench.Diary, Is.EqualTo(new[] { (0, true, (ulong)nanoseconds) }));
    }

    [Test]
    public void Reads_over_a_link_overlap_and_return_in_order()
    {
        using var bench = new DmaBench(PciBusTiming.Pcie);
        bench.Channels[0].Read(Base, 0, 64);
        bench.Channels[1].Read(Base, 0, 16);
        bench.RunTo(1_000_000);

        // The second request follows the first, and so do its completions: 304, then 20 + 16 more.
        Assert.That(bench.Diary, Is.EqualTo(new[] { (0, true, 304ul), (1, true, 340ul) }));
    }

    [Test]
    public void A_link_writes_while_it_reads()
    {
        using var bench = new DmaBench(PciBusTiming.Pcie);
        bench.Channels[0].Read(Base, 0, 64);
        bench.Channels[1].Write(Base + 0x1000, 0, 256);
        bench.RunTo(1_000_000);

        // The write's two packets follow the request of 20.
        Assert.That(bench.Diary, Is.EqualTo(new[] { (0, true, 304ul), (1, true, 20ul + 2 * 20 + 256) }.OrderBy(entry => entry.Item3)));
    }

    [Test]
    public void Bytes_move_in_the_cycle_in_which_the_transfer_ends_and_not_before()
    {
        using var bench = new DmaBench(PciBusTiming.Pci33);
        byte[] old = [1, 2, 3, 4];
        bench.Ram.TryWrite(Base, old);
        bench.Channels[0].Read(Base, 100, 4);
        bench.RunTo(9 * ClockOf33MHz - 1);
        Assert.That(bench.Channels[0].Buffer.Slice(100, 4).ToArray(), Is.EqualTo(new byte[4]));

        // What the guest stores meanwhile is what arrives.
        byte[] stored = [5, 6, 7, 8];
        bench.Ram.TryWrite(Base, stored);
        bench.RunTo(9 * ClockOf33MHz);
        Assert.That(bench.Channels[0].Buffer.Slice(100, 4).ToArray(), Is.EqualTo(stored));

        bench.Channels[1].Buffer[7] = 0xa5;
        bench.Channels[1].Write(Base + 0x20, 7, 1);
        bench.RunTo((9 + 5) * ClockOf33MHz - 1);
        Assert.That(bench.RamAt(Base + 0x20, 1)[0], Is.Zero);
        bench.RunTo((9 + 5) * ClockOf33MHz);
        Assert.That(bench.RamAt(Base + 0x20, 1)[0], Is.EqualTo(0xa5));
    }

    [TestCase("pci33")]
    [TestCase("pcie")]
    public void The_bus_goes_to_the_channel_that_has_waited_longest(string bus)
    {
        Assert.That(PciBusTiming.TryParse(bus, out var timing), Is.True);
        using var bench = new DmaBench(timing);
        int[] left = [20, 20, 20];
        bench.Next = channel =>
        {
            if (--left[channel] > 0)
            {
                bench.Channels[channel].Write(Base + (ulong)channel * 0x1000, 0, 64 << channel);
            }
        };
        for (int channel = 0; channel < DmaBench.ChannelCount; channel++)
        {
            bench.Channels[channel].Write(Base + (ulong)channel * 0x1000, 0, 64 << channel);
        }

        bench.RunTo(1_000_000);
        var order = bench.Diary.Select(entry => entry.Channel).ToArray();
        Assert.That(order, Is.EqualTo(Enumerable.Repeat(new[] { 0, 1, 2 }, 20).SelectMany(round => round)));
    }

    [TestCase(0x1000ul, 4)]
    [TestCase(Base - 1, 1)]
    [TestCase(Base - 2, 4)]
    [TestCase(Base + DmaBench.RamBytes, 1)]
    [TestCase(Base + DmaBench.RamBytes - 2, 4)]
    [TestCase(ulong.MaxValue, 1)]
    [TestCase(ulong.MaxValue - 1, 4)]
    [TestCase(ulong.MaxValue - 15, 4096)]
    public void A_transfer_that_leaves_RAM_moves_nothing_and_says_so(ulong address, int length)
    {
        foreach (var timing in new[] { PciBusTiming.Pci33, PciBusTiming.Pcie })
        {
            using var bench = new DmaBench(timing);
            bench.Channels[0].Buffer.Fill(0x77);
            bench.Channels[0].Write(address, 0, length);
            bench.RunTo(100_000);
            bench.Channels[0].Read(address, 0, length);
            bench.RunTo(200_000);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(bench.Diary.Select(entry => entry.Ok), Is.EqualTo(new[] { false, false }));
                Assert.That(bench.RamAt(Base, (int)DmaBench.RamBytes), Is.All.Zero);
                Assert.That(bench.Channels[0].Buffer.ToArray(), Is.All.EqualTo(0x77));
                Assert.That(bench.Engine.Totals(DmaPurpose.ReceivePayload).Failures, Is.EqualTo(2));
                Assert.That(bench.Engine.Totals(DmaPurpose.ReceivePayload).Bytes, Is.Zero);
            }
        }
    }

    [Test]
    public void An_address_that_nobody_claims_costs_a_master_abort()
    {
        using var bench = new DmaBench(PciBusTiming.Pci33);
        bench.Channels[0].Read(0x1000, 0, 1024);
        bench.RunTo(1_000_000);

        // Arbitration, address, four clocks for DEVSEL#, turnaround.
        Assert.That(bench.Diary, Is.EqualTo(new[] { (0, false, 7 * ClockOf33MHz) }));
    }

    [Test]
    public void A_card_that_is_no_bus_master_waits_until_it_is()
    {
        using var bench = new DmaBench(PciBusTiming.Pci33) { IsBusMaster = false };
        bench.Channels[0].Write(Base, 0, 16);
        bench.RunTo(10_000);
        Assert.That(bench.Diary, Is.Empty);

        bench.IsBusMaster = true;
        bench.Engine.BusMasterChanged();
        bench.RunTo(100_000);
        Assert.That(bench.Diary, Is.EqualTo(new[] { (0, true, 10_000 + 8 * ClockOf33MHz) }));
    }

    [TestCase("pci33")]
    [TestCase("pcie")]
    public void A_transfer_during_which_the_card_ceases_to_be_bus_master_moves_nothing_until_it_is_again(string bus)
    {
        Assert.That(PciBusTiming.TryParse(bus, out var timing), Is.True);
        using var bench = new DmaBench(timing);
        bench.Channels[0].Buffer.Fill(1);
        bench.Channels[1].Buffer.Fill(1);
        bench.Channels[0].Write(Base, 0, 16);
        bench.Channels[1].Read(Base + 0x1000, 0, 16);
        bench.RunTo(10);
        bench.IsBusMaster = false;
        bench.RunTo(10_000);
        Assert.That(bench.Diary, Is.Empty);
        Assert.That(bench.RamAt(Base, 16), Is.All.Zero);
        Assert.That(bench.Channels[1].Buffer[..16].ToArray(), Is.All.EqualTo(1));

        bench.IsBusMaster = true;
        bench.Engine.BusMasterChanged();
        bench.RunTo(20_000);
        Assert.That(bench.Diary.Select(entry => (entry.Channel, entry.Ok)), Is.EqualTo(new[] { (0, true), (1, true) }));
    }

    [TestCase("pci33")]
    [TestCase("pcie")]
    public void After_a_reset_at_any_cycle_no_byte_moves_and_nobody_is_called(string bus)
    {
        Assert.That(PciBusTiming.TryParse(bus, out var timing), Is.True);
        int movedBefore = 0;
        for (ulong cycle = 0; cycle < 1_500; cycle++)
        {
            using var bench = new DmaBench(timing);
            foreach (var channel in bench.Channels)
            {
                channel.Buffer.Fill(0xff);
            }

            bench.Channels[0].Write(Base, 0, 60);
            bench.Channels[1].Read(Base + 0x2000, 0, 64);
            bench.Channels[2].Write(Base + 0x1000, 0, 16);
            bench.RunTo(cycle);
            int ended = bench.Diary.Count;
            movedBefore += ended;
            byte[] before = bench.RamAt(Base, (int)DmaBench.RamBytes);
            bench.Engine.Reset();
            bench.RunTo(100_000);
            Assert.That(bench.Diary, Has.Count.EqualTo(ended));
            Assert.That(bench.RamAt(Base, (int)DmaBench.RamBytes).AsSpan().SequenceEqual(before), Is.True);
            Assert.That(bench.Channels.Any(channel => channel.IsBusy), Is.False);

            // And the engine is as good as new.
            bench.Channels[0].Write(Base, 0, 60);
            bench.RunTo(200_000);
            ulong expected = timing == PciBusTiming.Pci33 ? (4 + 15) * ClockOf33MHz : 20 + 60;
            Assert.That(bench.Diary[^1], Is.EqualTo((0, true, 100_000 + expected)));
        }

        Assert.That(movedBefore, Is.GreaterThan(1_000));
    }

    [Test]
    public void Totals_are_kept_for_each_purpose()
    {
        using var bench = new DmaBench(PciBusTiming.Pci33);
        bench.Channels[0].Write(Base, 0, 60);
        bench.Channels[1].Write(Base, 0, 16);
        bench.RunTo(10_000);
        bench.Channels[0].Write(Base, 0, 4);
        bench.RunTo(20_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                bench.Engine.Totals(DmaPurpose.ReceivePayload),
                Is.EqualTo(new DmaTotals(2, 0, 64, (19 + 5) * ClockOf33MHz, 0)));
            Assert.That(
                bench.Engine.Totals(DmaPurpose.ReceiveWriteBack),
                Is.EqualTo(new DmaTotals(1, 0, 16, 8 * ClockOf33MHz, 19 * ClockOf33MHz)));
            Assert.That(bench.Engine.OutboundBusyCycles, Is.EqualTo((19 + 5 + 8) * ClockOf33MHz));
        }
    }

    [Test]
    public void Times_that_are_no_whole_cycles_add_up()
    {
        // At 10 MHz a cycle is 100 ns; a write of 16 bytes is 36 ns on a link.
        using var bench = new DmaBench(PciBusTiming.Pcie, megahertz: 10);
        int left = 1_000;
        bench.Next = channel =>
        {
            if (--left > 0)
            {
                bench.Channels[channel].Write(Base, 0, 16);
            }
        };
        bench.Channels[0].Write(Base, 0, 16);
        bench.RunTo(10_000);
        Assert.That(bench.Diary, Has.Count.EqualTo(1_000));
        Assert.That(bench.Diary[^1].Cycle, Is.EqualTo(360));
    }

    [TestCase("pci33")]
    [TestCase("pcie")]
    public void A_saved_engine_goes_on_where_it_was_at_every_cycle(string bus)
    {
        Assert.That(PciBusTiming.TryParse(bus, out var timing), Is.True);
        for (ulong cycle = 0; cycle < 1_400; cycle += 3)
        {
            using var first = new DmaBench(timing);
            first.Ram.TryWrite(Base + 0x1000, "what a driver would have left here"u8);
            first.Channels[0].Buffer.Fill(9);
            first.Channels[0].Write(Base, 0, 60);
            first.Channels[1].Read(Base + 0x1000, 0, 24);
            first.Channels[2].Write(Base + 0x2000, 0, 16);
            first.RunTo(cycle);

            using var second = new DmaBench(timing);
            second.RunTo(cycle);
            second.Ram.TryWrite(Base, first.RamAt(Base, (int)DmaBench.RamBytes));
            var saved = first.Engine.Save();
            second.Engine.Restore(saved);
            Assert.That(second.Engine.Save(), Is.EqualTo(saved));

            int already = first.Diary.Count;
            first.RunTo(10_000);
            second.RunTo(10_000);
            Assert.That(second.Diary, Is.EqualTo(first.Diary.Skip(already)));
            Assert.That(second.Engine.Save(), Is.EqualTo(first.Engine.Save()));
            Assert.That(second.RamAt(Base, (int)DmaBench.RamBytes).AsSpan().SequenceEqual(first.RamAt(Base, (int)DmaBench.RamBytes)), Is.True);
        }
    }

    [Test]
    public void A_transfer_that_our_own_code_asks_for_wrongly_is_refused()
    {
        using var bench = new DmaBench(PciBusTiming.Pci33);
        var channel = bench.Channels[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => channel.Read(Base, 0, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => channel.Read(Base, -1, 4), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => channel.Read(Base, DmaBench.BufferBytes - 3, 4), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(channel.IsBusy, Is.False);
        }

        channel.Read(Base, DmaBench.BufferBytes - 4, 4);
        Assert.That(() => channel.Write(Base, 0, 4), Throws.InvalidOperationException);
    }
}

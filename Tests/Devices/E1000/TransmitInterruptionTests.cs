using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>A transmitter that is reset, stopped, saved, or whose ring is changed, at any moment.</summary>
public sealed class TransmitInterruptionTests
{
    private const byte End = TransmitScript.EndOfPacket | TransmitScript.InsertFcs | TransmitScript.ReportStatus;

    // About when the last of Start's frames has left.
    private const ulong EndCycle = 26_000;

    [TestCase("pcie")]
    [TestCase("pci33")]
    public void After_CTRL_RST_at_any_moment_nothing_is_transferred_or_sent(string bus)
    {
        int interrupted = 0;
        for (ulong cycle = 0; cycle < EndCycle; cycle += 311)
        {
            CountingMemory? memory = null;
            using var driver = Driver(bus, ram => memory = new CountingMemory(ram));
            Start(driver);
            driver.RunFor(cycle);
            int accesses = memory!.Accesses;
            int frames = driver.Cable.Frames.Count;
            interrupted += frames is > 0 and < 9 ? 1 : 0;
            driver.Write(E1000Register.Ctrl, 1u << 26);
            driver.RunFor(1_000_000);
            Assert.That(memory.Accesses, Is.EqualTo(accesses));
            Assert.That(driver.Cable.Frames, Has.Count.EqualTo(frames));

            // And the card works as a new one does.
            driver.Cable.Forget();
            Start(driver);
            driver.RunFor(2 * EndCycle);
            AssertAllSent(driver);
        }

        Assert.That(interrupted, Is.GreaterThan(20));
    }

    [TestCase("pcie")]
    [TestCase("pci33")]
    public void TCTL_EN_cleared_at_any_moment_and_set_again_loses_nothing(string bus)
    {
        for (ulong cycle = 0; cycle < EndCycle; cycle += 397)
        {
            using var driver = Driver(bus);
            Start(driver);
            driver.RunFor(cycle);
            driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl & ~2u);
            driver.RunFor(20_000);
            int frames = driver.Cable.Frames.Count;
            driver.RunFor(100_000);
            Assert.That(driver.Cable.Frames, Has.Count.EqualTo(frames));

            driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl);
            driver.RunFor(2 * EndCycle);
            AssertAllSent(driver);
        }
    }

    [TestCase("pcie")]
    [TestCase("pci33")]
    public void A_card_saved_at_any_moment_goes_on_as_if_nothing_had_been(string bus)
    {
        for (ulong cycle = 0; cycle < EndCycle; cycle += 293)
        {
            using var first = Driver(bus);
            Start(first);
            first.RunFor(cycle);
            using var second = Driver(bus);
            second.RunTo(first.Now);
            byte[] ram = new byte[0x20_0000];
            first.Memory.TryRead(E1000Driver.MemoryBase, ram);
            second.Memory.TryWrite(E1000Driver.MemoryBase, ram);
            var saved = first.Card.Save();
            second.Card.Restore(saved);
            Assert.That(second.Card.Save(), Is.EqualTo(saved));

            int already = first.Cable.Frames.Count;
            first.RunFor(EndCycle);
            second.RunFor(EndCycle);
            Assert.That(
                second.Cable.Frames.Select(frame => (frame.Cycle, Convert.ToHexString(frame.Bytes), frame.Info)),
                Is.EqualTo(first.Cable.Frames.Skip(already).Select(frame => (frame.Cycle, Convert.ToHexString(frame.Bytes), frame.Info))));
            Assert.That(second.Card.Save(), Is.EqualTo(first.Card.Save()));
            Assert.That(Enumerable.Range(0, 16).Select(second.IsSent), Is.EqualTo(Enumerable.Range(0, 16).Select(first.IsSent)));
        }
    }

    [Test]
    public void A_ring_that_moves_while_the_transmitter_is_on_is_used_from_its_head_on()
    {
        for (ulong cycle = 0; cycle < EndCycle; cycle += 401)
        {
            using var driver = Driver("pcie");
            Start(driver);
            driver.RunFor(cycle);

            // Another ring of 8: one frame in its third entry.
            ulong ring = E1000Driver.TransmitRing + 0x1000;
            byte[] frame = E1000Driver.Frame(77, 99);
            driver.Memory.TryWrite(E1000Driver.ReceiveBuffers, frame);
            driver.Memory.TryWriteUInt64(ring + 32, E1000Driver.ReceiveBuffers);
            driver.Memory.TryWriteUInt64(ring + 40, 77 | (ulong)End << 24);
            driver.Write(E1000Register.Tdt, 0);
            driver.Write(E1000Register.Tdh, 0);
            driver.Write(E1000Register.Tdbal, (uint)ring);
            driver.Write(E1000Register.Tdlen, 128);
            driver.Write(E1000Register.Tdt, 2);
            driver.Write(E1000Register.Tdh, 2);
            driver.Write(E1000Register.Tdt, 3);
            driver.RunFor(EndCycle);
            Assert.That(driver.Cable.Frames[^1].Bytes, Is.EqualTo(frame), $"at {cycle}");
            Assert.That(driver.Peek(E1000Register.Tdh), Is.EqualTo(3));
            driver.Memory.TryReadUInt32(ring + 44, out uint status);
            Assert.That(status, Is.EqualTo(1));
        }
    }

    // A driver that takes descriptors back has broken the rules; the card goes on with what is left to it.
    [Test]
    public void A_tail_that_goes_back_takes_back_what_was_not_begun()
    {
        using var driver = Driver("pcie");
        driver.SetUpTransmit();
        for (int index = 0; index < 8; index++)
        {
            driver.Queue(E1000Driver.Frame(1_000, index));
        }

        driver.RingTransmit();
        driver.RunUntil(() => driver.Peek(E1000Register.Tdh) == 2);
        driver.Write(E1000Register.Tdt, 4);
        driver.RunFor(1_000_000);
        Assert.That(driver.Cable.Frames.Select(frame => frame.Info.DescriptorIndex), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(driver.Peek(E1000Register.Tdh), Is.EqualTo(4));

        driver.Write(E1000Register.Tdt, 8);
        driver.RunFor(1_000_000);
        Assert.That(driver.Cable.Frames, Has.Count.EqualTo(8));
    }

    [Test]
    public void A_tail_that_goes_back_to_the_head_leaves_the_head_where_it_is()
    {
        for (ulong cycle = 0; cycle < 3_000; cycle += 31)
        {
            using var driver = Driver("pcie");
            driver.SetUpTransmit();
            for (int index = 0; index < 8; index++)
            {
                driver.Queue(E1000Driver.Frame(300, index));
            }

            driver.RingTransmit();
            driver.RunFor(cycle);
            uint head = driver.Peek(E1000Register.Tdh);
            driver.Write(E1000Register.Tdt, head);
            driver.RunFor(100_000);
            Assert.That(driver.Peek(E1000Register.Tdh), Is.EqualTo(head), $"at {cycle}");
            Assert.That(driver.Cable.Frames, Has.Count.EqualTo(head));
        }
    }

    private static E1000Driver Driver(string bus, Func<IDmaMemory, IDmaMemory>? memory = null)
    {
        Assert.That(PciBusTiming.TryParse(bus, out var timing), Is.True);
        return new E1000Driver(change: options => options with { Bus = timing }, memory: memory);
    }

    /// <summary>Seven frames of one to three descriptors and a segmentation, in a ring of 16, and WTHRESH 2.</summary>
    private static void Start(E1000Driver driver)
    {
        driver.SetUpTransmit();
        driver.Write(E1000Register.Txdctl, 1u << 24 | 2u << 16 | 4);
        driver.Write(E1000Register.Tidv, 2);
        var script = new TransmitScript(driver);
        foreach (int seed in Enumerable.Range(1, 5))
        {
            script.Legacy(E1000Driver.Frame(60, seed), End);
        }

        byte[] frame = E1000Driver.Frame(700, 6);
        script.Legacy(frame.AsSpan(0, 300), 0);
        script.Legacy(frame.AsSpan(300), End);
        script.ContextFor(isIPv6: false, isTcp: true, 800, segmentBytes: 400);
        byte[] prototype = PlainPackets.Prototype(false, true, 800);
        script.Data(prototype.AsSpan(0, 54), TransmitScript.Segmented | TransmitScript.InsertFcs, 3);
        script.Data(prototype.AsSpan(54), TransmitScript.Segmented | End);
        script.Legacy(E1000Driver.Frame(61, 9), End);
        script.Ring();
    }

    private static void AssertAllSent(E1000Driver driver)
    {
        var frames = driver.Cable.Frames;
        Assert.That(frames.Select(frame => frame.Bytes.Length), Is.EqualTo(new[] { 60, 60, 60, 60, 60, 700, 454, 454, 61 }));
        Assert.That(frames[5].Bytes, Is.EqualTo(E1000Driver.Frame(700, 6)));
        Assert.That(frames[8].Bytes, Is.EqualTo(E1000Driver.Frame(61, 9)));
        Assert.That(driver.IsSent(10), Is.True);
    }
}

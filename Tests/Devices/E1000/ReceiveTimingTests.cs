using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// When things happen: every number is arithmetic from the wire (8 ns a byte at 1 Gb/s; 8 bytes of preamble, 4 of check
/// sequence, a gap of 12) and from the bus (PCI Express: 1 ns a byte and 20 bytes a packet; PCI at 33 MHz: 30 ns for 4
/// bytes and 4 clocks a burst).
/// </summary>
public sealed class ReceiveTimingTests
{
    private const uint TimerCause = 1 << 7;

    [Test]
    public void A_frame_is_received_at_its_last_bit_then_its_data_are_in_memory_then_its_status()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        bench.Run(10_000);
        bench.Deliver(ReceiveBench.Frame(60));
        bench.Run(10_000);

        const ulong lastBit = 10_000 + (8 + 60 + 4) * 8;
        const ulong payload = lastBit + 20 + 60;
        const ulong writeBack = payload + 20 + 16;
        Assert.That(bench.Memory.Writes, Is.EqualTo(new[]
        {
            (payload, bench.BufferOf(0), 60),
            (writeBack, bench.DescriptorAddress(0), 16),
        }));
    }

    [Test]
    public void On_pci_the_same_frame_takes_the_clocks_of_its_bursts()
    {
        var options = new E1000Options(E1000Options.DefaultMac) { Bus = PciBusTiming.Pci33 };
        using var bench = new ReceiveBench(options);
        bench.StartReceiver();
        bench.Run(10_000);
        bench.Deliver(ReceiveBench.Frame(60));
        bench.Run(10_000);

        const ulong payload = 10_000 + 576 + (4 + 15) * 30;
        Assert.That(
            bench.Memory.Writes.Select(write => write.Cycle), Is.EqualTo(new[] { payload, payload + (4 + 4) * 30 }));
    }

    [Test]
    public void Head_status_and_cause_change_when_the_write_back_ends_and_not_before()
    {
        using var bench = new ReceiveBench();
        bench.Write(E1000Offset.Ims, TimerCause);
        bench.StartReceiver();
        bench.Deliver(ReceiveBench.Frame(60));
        const ulong writeBack = 576 + 80 + 36;
        bench.RunTo(writeBack - 1);
        Assert.That((bench.StatusOf(0), bench.Read(E1000Offset.Rdh), bench.IsInterrupting), Is.EqualTo(((byte)0, 0u, false)));
        bench.RunTo(writeBack);
        Assert.That((bench.StatusOf(0) & 3, bench.Read(E1000Offset.Rdh), bench.IsInterrupting), Is.EqualTo((3, 1u, true)));
    }

    [TestCase(1000, 1000, 8ul)]
    [TestCase(1000, 100, 80ul)]
    [TestCase(1000, 10, 800ul)]
    [TestCase(2000, 1000, 16ul)]
    public void Frames_follow_each_other_at_the_wire_s_speed(int megahertz, int megabits, ulong cyclesPerByte)
    {
        var options = new E1000Options(E1000Options.DefaultMac) { LinkMegabits = megabits };
        using var bench = new ReceiveBench(options, megahertz);
        bench.StartReceiver();
        for (int number = 0; number < 10; number++)
        {
            bench.Deliver(ReceiveBench.Frame(1514));
        }

        bench.Run(1_538 * 11 * cyclesPerByte);
        var arrivals = PayloadCycles(bench);
        Assert.That(arrivals, Has.Count.EqualTo(10));
        for (int number = 1; number < 10; number++)
        {
            Assert.That(arrivals[number] - arrivals[number - 1], Is.EqualTo(1_538 * cyclesPerByte));
        }
    }

    [Test]
    public void At_a_clock_that_no_byte_fits_the_fractions_add_up()
    {
        // 84 bytes a frame, 0.8 cycles a byte at 100 MHz: 67.2 cycles a frame, 672 for ten.
        using var bench = new ReceiveBench(megahertz: 100);
        bench.StartReceiver(descriptors: 64);
        bench.Run(10_000);
        for (int number = 0; number < 51; number++)
        {
            bench.Deliver(ReceiveBench.Frame(60));
        }

        bench.Run(100_000);
        var records = PayloadCycles(bench);
        Assert.That(records[50] - records[0], Is.EqualTo(5 * 672).Within(1));
    }

    [Test]
    public void The_journal_s_stages_of_a_frame_are_those_of_the_arithmetic()
    {
        using var bench = new ReceiveBench();
        var observer = new RecordObserver();
        bench.Card.Journal.Observer = observer;
        bench.Write(E1000Offset.Ims, TimerCause);
        bench.StartReceiver();
        bench.Run(10_000);
        bench.Deliver(ReceiveBench.Frame(60));
        bench.Deliver(ReceiveBench.Frame(60));
        bench.Run(10_000);
        bench.Card.Journal.Flush();

        var first = new StageCycles(
            Queue: 0, DescriptorFetch: 0, PayloadDma: 80, Fifo: 0, Wire: 576, WriteBack: 36, InterruptDelay: 0);
        Assert.That(observer.Records, Is.EqualTo(new[]
        {
            new PacketRecord(PacketDirection.Receive, 0, 60, 10_000, 10_692, first, PacketDrop.None),
            new PacketRecord(PacketDirection.Receive, 1, 60, 10_000, 11_364, first with { Queue = 672 }, PacketDrop.None),
        }));
    }

    [Test]
    public void The_journal_tells_waiting_for_descriptors_from_waiting_for_the_driver()
    {
        using var bench = new ReceiveBench();
        var observer = new RecordObserver();
        bench.Card.Journal.Observer = observer;
        bench.StartReceiver(handOver: 0);
        bench.Deliver(ReceiveBench.Frame(60));
        bench.RunTo(5_000);
        bench.Write(E1000Offset.Rdt, 1);
        bench.Run(10_000);
        bench.Card.Journal.Flush();

        // A fetch on PCI Express: a request of 20 bytes, 200 ns in memory, and a completion of 20 + 16 bytes.
        Assert.That(observer.Records.Single().Stages, Is.EqualTo(new StageCycles(
            Queue: 0, DescriptorFetch: 256, PayloadDma: 80, Fifo: 5_000 - 576, Wire: 576, WriteBack: 36, InterruptDelay: 0)));
    }

    [Test]
    public void Drops_are_in_the_journal_with_their_reasons()
    {
        using var bench = new ReceiveBench();
        bench.Receive(ReceiveBench.Frame(60));
        bench.StartReceiver();
        bench.Receive(ReceiveBench.Frame(60, new RiscvXv6.Devices.Net.Wire.MacAddress(0x0202_0304_0506)));
        bench.Receive(ReceiveBench.Frame(60), RiscvXv6.Devices.Net.FrameFlags.BadFcs);
        bench.Receive(ReceiveBench.Frame(50), RiscvXv6.Devices.Net.FrameFlags.Unpadded);
        bench.Receive(ReceiveBench.Frame(2000));
        bench.Write(E1000Offset.Pba, 0);
        bench.Receive(ReceiveBench.Frame(60));
        foreach (var reason in new[]
        {
            PacketDrop.Disabled, PacketDrop.Filtered, PacketDrop.BadFcs, PacketDrop.TooShort, PacketDrop.TooLong,
            PacketDrop.FifoFull,
        })
        {
            Assert.That(bench.Card.Journal.Drops(PacketDirection.Receive, reason), Is.EqualTo(1), $"{reason}");
        }
    }

    private static List<ulong> PayloadCycles(ReceiveBench bench) =>
        bench.Memory.Writes.Where(write => write.Address >= ReceiveBench.BufferBase).Select(write => write.Cycle).ToList();

    private sealed class RecordObserver : IPacketObserver
    {
        public List<PacketRecord> Records { get; } = [];

        public void Completed(in PacketRecord record) => Records.Add(record);
    }
}

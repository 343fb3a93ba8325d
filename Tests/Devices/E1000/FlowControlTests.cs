using System.Buffers.Binary;
using NUnit.Framework;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>PAUSE frames both ways (SDM "Flow Control"); the receiving half of test statement 28.</summary>
public sealed class FlowControlTests
{
    private const uint ReceiveFlowControl = 1u << 27;
    private const uint TransmitFlowControl = 1u << 28;
    private const uint TransmitOff = 1u << 4;
    private const uint DiscardPause = 1u << 22;
    private const uint PassControl = 1u << 23;

    private static readonly MacAddress Everyone = new(0x0180_c200_0001);
    private static readonly MacAddress Station = RiscvXv6.Devices.E1000.E1000Options.DefaultMac;

    [TestCase(true)]
    [TestCase(false)]
    public void A_pause_frame_stops_the_transmitter_for_its_slots_if_it_is_for_us(bool isGroup)
    {
        using var bench = Started(ReceiveFlowControl);
        bench.Deliver(Pause(isGroup ? Everyone : Station, 10));
        bench.RunTo(576);
        Assert.That(bench.Read(E1000Offset.Status) & TransmitOff, Is.EqualTo(TransmitOff));
        Assert.That(bench.Read(E1000Offset.Xoffrxc), Is.EqualTo(1));

        // Ten slots of 512 bit times.
        bench.RunTo(576 + 10 * 512 - 1);
        Assert.That(bench.Read(E1000Offset.Status) & TransmitOff, Is.EqualTo(TransmitOff));
        bench.RunTo(576 + 10 * 512);
        Assert.That(bench.Read(E1000Offset.Status) & TransmitOff, Is.Zero);
    }

    [Test]
    public void Zero_slots_end_a_pause()
    {
        using var bench = Started(ReceiveFlowControl);
        bench.Deliver(Pause(Everyone, 0xffff));
        bench.Deliver(Pause(Everyone, 0));
        bench.Run(2_000);
        Assert.That(bench.Read(E1000Offset.Status) & TransmitOff, Is.Zero);
        Assert.That(bench.Read(E1000Offset.Xonrxc), Is.EqualTo(1));
        Assert.That(bench.Read(E1000Offset.Xoffrxc), Is.EqualTo(1));
    }

    [Test]
    public void Without_rfce_a_pause_frame_is_a_frame_like_any_other()
    {
        using var bench = Started(0);
        bench.Receive(Pause(Station, 10));
        Assert.That(bench.Take(), Is.Not.Null);
        bench.Receive(Pause(Everyone, 10));
        Assert.That(bench.Take(), Is.Null);
        Assert.That(bench.Read(E1000Offset.Xoffrxc), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Gprc), Is.EqualTo(1));
    }

    [Test]
    public void Address_and_type_are_those_of_the_registers()
    {
        using var bench = Started(ReceiveFlowControl);
        bench.Write(E1000Offset.Fct, 0x8809);
        bench.Receive(Pause(Everyone, 10));
        Assert.That(bench.Read(E1000Offset.Xoffrxc), Is.Zero);
        bench.Write(E1000Offset.Fct, 0x8808);
        bench.Write(E1000Offset.Fcal, 0x00c2_8002);
        bench.Receive(Pause(Everyone, 10));
        Assert.That(bench.Read(E1000Offset.Xoffrxc), Is.Zero);
    }

    [Test]
    public void A_driver_that_wrote_neither_means_the_standard_s()
    {
        using var bench = new ReceiveBench();
        bench.Write(E1000Offset.Ctrl, bench.Read(E1000Offset.Ctrl) | ReceiveFlowControl);
        bench.StartReceiver();
        bench.Receive(Pause(Everyone, 10));
        Assert.That(bench.Read(E1000Offset.Xoffrxc), Is.EqualTo(1));
    }

    [TestCase(0u, true)]
    [TestCase(DiscardPause, false)]
    public void A_pause_frame_that_the_filters_let_in_is_stored_without_dpf(uint control, bool isStored)
    {
        using var bench = Started(ReceiveFlowControl, ReceiveBench.UsualControl | control);
        bench.Receive(Pause(Station, 10));
        Assert.That(bench.Take() is not null, Is.EqualTo(isStored));
        Assert.That(bench.Read(E1000Offset.Xoffrxc), Is.EqualTo(1));
        Assert.That(bench.Read(E1000Offset.Gprc), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Tpr), Is.EqualTo(1));
    }

    [TestCase(0u, false)]
    [TestCase(PassControl, true)]
    public void Another_control_frame_is_counted_and_stored_with_pmcf(uint control, bool isStored)
    {
        using var bench = Started(ReceiveFlowControl, ReceiveBench.UsualControl | control);
        var frame = Pause(Everyone, 10);
        frame[15] = 2;
        bench.Receive(frame);
        Assert.That(bench.Take() is not null, Is.EqualTo(isStored));
        Assert.That(bench.Read(E1000Offset.Fcruc), Is.EqualTo(1));
        Assert.That(bench.Read(E1000Offset.Xoffrxc), Is.Zero);
    }

    [Test]
    public void A_damaged_pause_frame_pauses_nobody()
    {
        using var bench = Started(ReceiveFlowControl);
        bench.Receive(Pause(Everyone, 1000), RiscvXv6.Devices.Net.FrameFlags.BadFcs);
        Assert.That(bench.Read(E1000Offset.Status) & TransmitOff, Is.Zero);
        Assert.That(bench.Read(E1000Offset.Xoffrxc), Is.Zero);
    }

    [Test]
    public void Xoff_is_sent_when_the_fifo_has_filled_to_fcrth_and_xon_when_it_is_down_to_fcrtl()
    {
        using var bench = Started(TransmitFlowControl, handOver: 0);
        bench.Write(E1000Offset.Fcttv, 0x100);
        bench.Write(E1000Offset.Fcrth, 64 * 10);
        bench.Write(E1000Offset.Fcrtl, 1u << 31 | 64 * 4);
        for (int number = 0; number < 10; number++)
        {
            bench.Deliver(ReceiveBench.Frame(60));
        }

        bench.RunTo(9 * 672 + 576 - 1);
        Assert.That(PausesSent(bench), Is.Empty);
        bench.Run(100_000);
        Assert.That(PausesSent(bench), Is.EqualTo(new ushort[] { 0x100 }));

        bench.Write(E1000Offset.Rdt, 5);
        bench.Run(100_000);
        Assert.That(PausesSent(bench), Is.EqualTo(new ushort[] { 0x100 }), "five of ten are left");
        bench.Write(E1000Offset.Rdt, 6);
        bench.Run(100_000);
        Assert.That(PausesSent(bench), Is.EqualTo(new ushort[] { 0x100, 0 }));
    }

    [Test]
    public void Without_tfce_or_without_xone_nothing_is_sent()
    {
        foreach (uint device in new[] { 0u, TransmitFlowControl })
        {
            using var bench = Started(device, handOver: 0);
            bench.Write(E1000Offset.Fcttv, 0x100);
            bench.Write(E1000Offset.Fcrth, 64 * 3);
            bench.Write(E1000Offset.Fcrtl, 64);
            for (int number = 0; number < 5; number++)
            {
                bench.Deliver(ReceiveBench.Frame(60));
            }

            bench.Run(10_000);
            bench.Write(E1000Offset.Rdt, 7);
            bench.Run(10_000);
            Assert.That(PausesSent(bench), Has.Length.EqualTo(device == 0 ? 0 : 1));
        }
    }

    [Test]
    public void The_port_at_the_cable_s_end_obeys_so_that_nothing_is_missed()
    {
        using var bench = Started(TransmitFlowControl, handOver: 0);
        bench.Write(E1000Offset.Fcttv, 0xffff);
        bench.Write(E1000Offset.Fcrth, 40 * 1024);
        bench.Write(E1000Offset.Fcrtl, 1u << 31 | 8 * 1024);
        for (int number = 0; number < 100; number++)
        {
            bench.Deliver(ReceiveBench.Frame(1000, seed: number));
        }

        bench.Run(10_000_000);
        Assert.That(bench.Read(E1000Offset.Mpc), Is.Zero);
        bench.Write(E1000Offset.Rdt, 15);
        for (int number = 0; number < 100; number++)
        {
            bench.Run(100_000);
            Assert.That(bench.Take()!.Bytes, Is.EqualTo(ReceiveBench.Frame(1000, seed: number)), $"frame {number}");
        }

        Assert.That(bench.Read(E1000Offset.Mpc), Is.Zero);
    }

    [Test]
    public void One_more_is_sent_when_the_fifo_overflows_all_the_same()
    {
        using var bench = Started(TransmitFlowControl, handOver: 0);
        bench.Write(E1000Offset.Pba, 8);
        bench.Write(E1000Offset.Fcttv, 1);
        bench.Write(E1000Offset.Fcrth, 8 * 1024 - 64);
        for (int number = 0; number < 129; number++)
        {
            bench.Deliver(ReceiveBench.Frame(60));
        }

        bench.Run(1_000_000);
        Assert.That(bench.Read(E1000Offset.Mpc), Is.EqualTo(1));
        Assert.That(PausesSent(bench), Is.EqualTo(new ushort[] { 1, 1 }));
    }

    private static ushort[] PausesSent(ReceiveBench bench) => bench.Backend.Sent
        .Where(sent => MacAddress.Read(sent.Bytes) == Everyone)
        .Select(sent => BinaryPrimitives.ReadUInt16BigEndian(sent.Bytes.AsSpan(16)))
        .ToArray();

    private static ReceiveBench Started(uint device, uint control = ReceiveBench.UsualControl, int? handOver = null)
    {
        var bench = new ReceiveBench();
        bench.Write(E1000Offset.Ctrl, bench.Read(E1000Offset.Ctrl) | device);
        bench.Write(E1000Offset.Fcal, 0x00c2_8001);
        bench.Write(E1000Offset.Fcah, 0x0100);
        bench.Write(E1000Offset.Fct, 0x8808);
        bench.Write(E1000Offset.Tctl, 2);
        bench.StartReceiver(control: control, handOver: handOver);
        return bench;
    }

    private static byte[] Pause(MacAddress destination, ushort slots)
    {
        var frame = new byte[60];
        destination.Write(frame);
        new MacAddress(0x5255_0a00_0202).Write(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x8808);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14), 1);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), slots);
        return frame;
    }
}

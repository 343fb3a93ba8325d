using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>One frame and its way into memory.</summary>
public sealed class ReceiveTests
{
    [Test]
    public void A_frame_lies_in_the_first_buffer_with_length_and_status()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        var frame = ReceiveBench.Frame(200);
        bench.Receive(frame);

        Assert.That(bench.RamAt(bench.BufferOf(0), 200), Is.EqualTo(frame));

        // Length 200, DD | EOP | IXSM, no errors.
        Assert.That(bench.Fields(0) & 0xffff_ffff_0000_ffff, Is.EqualTo(0x0000_0007_0000_00c8));
        Assert.That(bench.Read(E1000Offset.Rdh), Is.EqualTo(1));
        Assert.That(bench.StatusOf(1), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Icr) & 0x80, Is.EqualTo(0x80));
    }

    [Test]
    public void A_short_frame_arrives_padded_with_zeros_to_60_bytes_as_it_would_on_a_wire()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        var frame = ReceiveBench.Frame(42);
        bench.Receive(frame);

        var taken = bench.Take()!;
        Assert.That(taken.Bytes, Is.EqualTo(frame.Concat(new byte[18])));
    }

    [Test]
    public void Nothing_arrives_before_the_receiver_is_enabled_and_nothing_is_kept_for_later()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(control: ReceiveBench.UsualControl & ~ReceiveBench.Enable);
        bench.Receive(ReceiveBench.Frame(100));
        Assert.That(bench.Memory.Writes, Is.Empty);
        Assert.That(bench.Memory.Reads, Is.Empty);

        bench.Write(E1000Offset.Rctl, ReceiveBench.UsualControl);
        bench.Run(1_000_000);

        Assert.That(bench.Take(), Is.Null);
        Assert.That(bench.Read(E1000Offset.Tpr), Is.Zero);
    }

    [Test]
    public void Frames_fill_the_ring_in_their_order_and_wrap()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(descriptors: 8);
        for (int number = 0; number < 100; number++)
        {
            bench.Receive(ReceiveBench.Frame(60 + number, seed: number));
            var taken = bench.TakeAll();
            Assert.That(taken, Has.Count.EqualTo(1));
            Assert.That(taken[0].Bytes, Is.EqualTo(ReceiveBench.Frame(60 + number, seed: number)));
        }

        Assert.That(bench.Read(E1000Offset.Rdh), Is.EqualTo(100 % 8));
        Assert.That(bench.Read(E1000Offset.Gprc), Is.EqualTo(100));
    }

    [Test]
    public void Xv6_s_order_of_registers_does_as_well_as_the_manual_s()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(control: 0);
        bench.Write(E1000Offset.Rdlen, 0);
        bench.Write(E1000Offset.Rdbal, (uint)ReceiveBench.RingBase);
        bench.Write(E1000Offset.Rdh, 0);
        bench.Write(E1000Offset.Rdt, 15);
        bench.Write(E1000Offset.Rdlen, 256);
        bench.Write(E1000Offset.Rctl, ReceiveBench.UsualControl);
        bench.Receive(ReceiveBench.Frame(64));

        Assert.That(bench.Take()!.Bytes, Is.EqualTo(ReceiveBench.Frame(64)));
    }

    [Test]
    public void Without_bus_mastering_a_frame_waits_until_it_is_allowed()
    {
        using var bench = new ReceiveBench { IsBusMaster = false };
        bench.StartReceiver();
        bench.Receive(ReceiveBench.Frame(64));
        Assert.That(bench.Take(), Is.Null);

        bench.IsBusMaster = true;
        bench.Run(100_000);

        Assert.That(bench.Take()!.Bytes, Is.EqualTo(ReceiveBench.Frame(64)));
    }

    [Test]
    public void A_null_descriptor_is_done_without_data_and_the_frame_lies_in_the_next()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(control: 0);
        bench.PutDescriptor(0, 0, 0x1234_0000_5678_9abc);
        bench.Write(E1000Offset.Rctl, ReceiveBench.UsualControl);
        bench.Receive(ReceiveBench.Frame(64));

        // SDM "Null Descriptor Padding": DD is set, and all other bits stay.
        Assert.That(bench.Fields(0), Is.EqualTo(0x1234_0001_5678_9abc));
        Assert.That(bench.RamAt(bench.BufferOf(1), 64), Is.EqualTo(ReceiveBench.Frame(64)));
        Assert.That(bench.StatusOf(1) & 3, Is.EqualTo(3));
    }

    [Test]
    public void A_buffer_that_is_no_memory_takes_nothing_and_the_next_frame_is_received()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(control: 0);
        bench.PutDescriptor(0, 0x3f_0000_0000);
        bench.Write(E1000Offset.Rctl, ReceiveBench.UsualControl);
        bench.Receive(ReceiveBench.Frame(64));
        bench.Receive(ReceiveBench.Frame(65));

        Assert.That(bench.StatusOf(0) & 3, Is.EqualTo(3));
        Assert.That(bench.RamAt(bench.BufferOf(1), 65), Is.EqualTo(ReceiveBench.Frame(65)));
    }

    [Test]
    public void A_frame_that_the_cable_brings_while_the_link_is_down_is_lost()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        bench.Card.SetLink(false);
        Assert.That(bench.Card.ReceiveRoomFrames, Is.Zero);
        bench.Receive(ReceiveBench.Frame(64));
        bench.Card.SetLink(true);
        bench.Run(5_000_000_000);
        Assert.That(bench.Take(), Is.Null);
        Assert.That(bench.Backend.RoomCalls, Is.Positive);

        bench.Receive(ReceiveBench.Frame(65));

        Assert.That(bench.Take()!.Bytes, Has.Length.EqualTo(65));
    }

    [Test]
    public void The_cable_s_queue_takes_1024_frames_and_says_when_there_is_room_again()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        int taken = 0;
        while (bench.Card.ReceiveRoomFrames > 0)
        {
            bench.Deliver(ReceiveBench.Frame(1000));
            taken++;
        }

        Assert.That(taken, Is.EqualTo(1024));
        bench.Deliver(ReceiveBench.Frame(1000));
        Assert.That(bench.Card.Journal.Drops(PacketDirection.Receive, PacketDrop.CableFull), Is.EqualTo(1));

        bench.Run(10_000);

        Assert.That(bench.Backend.RoomCalls, Is.EqualTo(1));
        Assert.That(bench.Card.ReceiveRoomFrames, Is.Positive);
    }

    [Test]
    public void A_frame_with_a_bad_check_sequence_is_dropped_and_counted()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        bench.Receive(ReceiveBench.Frame(100), FrameFlags.BadFcs);

        Assert.That(bench.Take(), Is.Null);
        Assert.That(bench.Read(E1000Offset.Crcerrs), Is.EqualTo(1));
        Assert.That(bench.Read(E1000Offset.Gprc), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Tpr), Is.EqualTo(1));
    }
}

using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Net;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Frames from the ring to the cable, with legacy descriptors. Expected values are of SDM "Legacy Transmit Descriptor
/// Format" and the wire's arithmetic.
/// </summary>
public sealed class TransmitTests
{
    private const uint WrittenBack = 1 << 0;
    private const uint QueueEmpty = 1 << 1;
    private const byte All = E1000Driver.EndOfPacket | E1000Driver.InsertFcs | E1000Driver.ReportStatus;

    private E1000Driver _driver = null!;

    [SetUp]
    public void Start_a_card() => _driver = new E1000Driver();

    [TearDown]
    public void Release() => _driver.Dispose();

    [Test]
    public void A_frame_leaves_as_it_is_in_memory()
    {
        _driver.SetUpTransmit();
        byte[] frame = E1000Driver.Frame(100);
        int index = _driver.Send(frame);
        _driver.RunUntil(() => _driver.IsSent(index));
        _driver.RunFor(10_000);
        var sent = _driver.Cable.Frames.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sent.Bytes, Is.EqualTo(frame));
            Assert.That(sent.Info, Is.EqualTo(new FrameInfo(FrameFlags.None, 0)));
            Assert.That(_driver.Read(E1000Register.Tdh), Is.EqualTo(1));
        }
    }

    // Statement 16.
    [Test]
    public void A_descriptor_with_RS_gets_DD_and_raises_TXDW()
    {
        _driver.SetUpTransmit();
        int index = _driver.Send(E1000Driver.Frame(60));
        _driver.RunFor(10_000);
        Assert.That(_driver.IsSent(index), Is.True);
        Assert.That(_driver.Read(E1000Register.Icr) & (WrittenBack | QueueEmpty), Is.EqualTo(WrittenBack | QueueEmpty));
    }

    // Statement 16.
    [Test]
    public void A_descriptor_without_RS_gets_no_DD_and_raises_no_TXDW()
    {
        _driver.SetUpTransmit();
        int index = _driver.Send(E1000Driver.Frame(60), E1000Driver.EndOfPacket | E1000Driver.InsertFcs);
        _driver.RunFor(10_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(1));
            Assert.That(_driver.IsSent(index), Is.False);
            Assert.That(_driver.Read(E1000Register.Icr) & (WrittenBack | QueueEmpty), Is.EqualTo(QueueEmpty));
        }
    }

    // Statement 17.
    [TestCase(0, 0x8010_0000ul)]
    [TestCase(60, 0ul)]
    public void A_descriptor_without_length_or_address_is_done_without_a_frame(int length, ulong address)
    {
        _driver.SetUpTransmit();
        _driver.Queue(E1000Driver.Frame(60));
        _driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(0), address);
        _driver.Memory.TryWriteUInt16(E1000Driver.TransmitDescriptor(0) + 8, (ushort)length);
        _driver.RingTransmit();
        _driver.RunFor(10_000);
        Assert.That(_driver.IsSent(0), Is.True);
        Assert.That(_driver.Cable.Frames, Is.Empty);
    }

    // Statement 18.
    [Test]
    public void Descriptors_before_the_one_with_EOP_join_it()
    {
        _driver.SetUpTransmit();
        byte[] frame = E1000Driver.Frame(300);
        _driver.Queue(frame.AsSpan(0, 1), E1000Driver.ReportStatus);
        _driver.Queue(frame.AsSpan(1, 150), 0);
        _driver.Queue([], 0);
        _driver.Queue(frame.AsSpan(151), All);
        _driver.RingTransmit();
        _driver.RunFor(20_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_driver.Cable.Frames.Single().Bytes, Is.EqualTo(frame));
            Assert.That(_driver.Cable.Frames.Single().Info.DescriptorIndex, Is.EqualTo(3));
            Assert.That(Enumerable.Range(0, 4).Select(_driver.IsSent), Is.EqualTo(new[] { true, false, false, true }));
        }
    }

    [Test]
    public void A_packet_without_an_end_waits_for_it()
    {
        _driver.SetUpTransmit();
        byte[] frame = E1000Driver.Frame(200);
        _driver.Send(frame.AsSpan(0, 100), E1000Driver.ReportStatus);
        _driver.RunFor(100_000);
        Assert.That(_driver.Cable.Frames, Is.Empty);
        Assert.That(_driver.IsSent(0), Is.True);

        _driver.Send(frame.AsSpan(100));
        _driver.RunFor(100_000);
        Assert.That(_driver.Cable.Frames.Single().Bytes, Is.EqualTo(frame));
    }

    // Statement 19.
    [Test]
    public void Two_frames_from_the_ring_s_last_entry_on_use_that_and_the_first()
    {
        _driver.SetUpTransmit(count: 16);
        for (int index = 0; index < 15; index++)
        {
            _driver.Send(E1000Driver.Frame(60, index));
            _driver.RunFor(2_000);
        }

        _driver.Cable.Forget();
        _driver.Queue(E1000Driver.Frame(60, 15));
        _driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(0) + 8, 0);
        _driver.Queue(E1000Driver.Frame(60, 16));
        _driver.RingTransmit();
        _driver.RunFor(10_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_driver.Cable.Frames.Select(sent => sent.Info.DescriptorIndex), Is.EqualTo(new[] { 15, 0 }));
            Assert.That(_driver.Cable.Frames[1].Bytes, Is.EqualTo(E1000Driver.Frame(60, 16)));
            Assert.That(_driver.IsSent(15) && _driver.IsSent(0), Is.True);
            Assert.That(_driver.Read(E1000Register.Tdh), Is.EqualTo(1));
        }
    }

    // Statement 20.
    [TestCase(E1000Fidelity.Lenient, FrameFlags.None)]
    [TestCase(E1000Fidelity.Lab, FrameFlags.None)]
    [TestCase(E1000Fidelity.Hardware, FrameFlags.MissingFcs)]
    public void A_frame_without_IFCS_has_no_check_sequence_where_the_card_is_as_the_silicon(E1000Fidelity fidelity, FrameFlags flags)
    {
        using var driver = LinkedDriver(fidelity);
        driver.SetUpTransmit();
        driver.Send(E1000Driver.Frame(100), E1000Driver.EndOfPacket | E1000Driver.ReportStatus);
        driver.RunFor(10_000);
        Assert.That(driver.Cable.Frames.Single().Info.Flags, Is.EqualTo(flags));
    }

    // Statement 20: with the check sequence's four bytes, 64.
    [TestCase(E1000Fidelity.Lenient, All, 60)]
    [TestCase(E1000Fidelity.Hardware, All, 60)]
    [TestCase(E1000Fidelity.Hardware, E1000Driver.EndOfPacket, 64)]
    public void PSP_pads_a_short_frame_to_64_bytes(E1000Fidelity fidelity, int command, int bytes)
    {
        using var driver = LinkedDriver(fidelity);
        driver.SetUpTransmit();
        byte[] frame = E1000Driver.Frame(42);
        driver.Send(frame, (byte)command);
        driver.RunFor(10_000);
        Assert.That(driver.Cable.Frames.Single().Bytes, Is.EqualTo(frame.Concat(new byte[bytes - 42])));
    }

    [Test]
    public void What_pads_a_short_frame_is_nothing_of_the_frame_before()
    {
        _driver.SetUpTransmit();
        byte[] secret = new byte[1000];
        Array.Fill(secret, (byte)0x5a);
        _driver.Send(secret);
        _driver.Send(E1000Driver.Frame(20));
        _driver.RunFor(100_000);
        Assert.That(_driver.Cable.Frames[1].Bytes.Skip(20), Is.All.Zero);
    }

    [Test]
    public void Without_PSP_a_short_frame_stays_short()
    {
        _driver.SetUpTransmit(control: E1000Driver.TransmitControl & ~(1u << 3));
        _driver.Send(E1000Driver.Frame(42));
        _driver.RunFor(10_000);
        Assert.That(_driver.Cable.Frames.Single().Bytes, Has.Length.EqualTo(42));
    }

    [Test]
    public void Nothing_leaves_before_TCTL_EN()
    {
        _driver.SetUpTransmit(control: 0);
        _driver.Send(E1000Driver.Frame(60));
        _driver.RunFor(100_000);
        Assert.That(_driver.Cable.Frames, Is.Empty);
        Assert.That(_driver.Read(E1000Register.Tdh), Is.Zero);

        _driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl);
        _driver.RunFor(10_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(1));
    }

    // SDM "Transmit Control Register", EN: "stops transmission after any in progress packets are sent. Data remains in
    // the transmit FIFO".
    [Test]
    public void TCTL_EN_cleared_lets_the_frame_on_the_wire_end_and_keeps_the_others()
    {
        _driver.SetUpTransmit();
        for (int index = 0; index < 4; index++)
        {
            _driver.Queue(E1000Driver.Frame(1000, index));
        }

        _driver.RingTransmit();
        _driver.RunFor(20_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(2));

        _driver.Write(E1000Register.Tctl, 0);
        _driver.RunFor(100_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(3));

        _driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl);
        _driver.RunFor(100_000);
        Assert.That(
            _driver.Cable.Frames.Select(sent => sent.Bytes),
            Is.EqualTo(Enumerable.Range(0, 4).Select(index => E1000Driver.Frame(1000, index))));
    }

    [Test]
    public void DD_is_in_memory_when_the_write_back_s_transfer_ends_and_TXDW_with_it()
    {
        _driver.SetUpTransmit();
        _driver.Write(E1000Register.Ims, WrittenBack);
        ulong start = _driver.Now;
        _driver.Send(E1000Driver.Frame(60));

        // A link's reads take 20 of request, 200 in memory, 20 and the data back; a write of a dword 24.
        const ulong Fetch = 20 + 200 + 20 + 16;
        const ulong Payload = 20 + 200 + 20 + 60;
        const ulong WriteBack = 20 + 4;
        _driver.RunTo(start + Fetch + Payload + WriteBack - 1);
        Assert.That(_driver.IsSent(0), Is.False);
        Assert.That(_driver.Interrupt.IsUp, Is.False);

        _driver.RunTo(start + Fetch + Payload + WriteBack);
        Assert.That(_driver.IsSent(0), Is.True);
        Assert.That(_driver.Interrupt.IsUp, Is.True);

        // The frame's first bit left when all of it was in the FIFO; 8 of preamble, 60, 4 of check sequence, at 8 ns.
        _driver.RunFor(10_000);
        Assert.That(_driver.Cable.Frames.Single().Cycle, Is.EqualTo(start + Fetch + Payload + (8 + 60 + 4) * 8));
    }

    // Statement 30.
    [Test]
    public void TDH_moves_no_later_than_DD_is_written_and_not_before_the_bytes_are_fetched()
    {
        _driver.SetUpTransmit();
        for (int index = 0; index < 8; index++)
        {
            _driver.Queue(E1000Driver.Frame(200, index));
        }

        ulong start = _driver.Now;
        _driver.RingTransmit();
        const int PayloadNanoseconds = 20 + 200 + 2 * 20 + 200;
        for (int step = 0; step < 10_000; step++)
        {
            _driver.RunFor(1);
            int head = (int)_driver.Peek(E1000Register.Tdh);
            int done = Enumerable.Range(0, 8).TakeWhile(_driver.IsSent).Count();
            Assert.That(head, Is.GreaterThanOrEqualTo(done));
            Assert.That((ulong)head * PayloadNanoseconds, Is.LessThanOrEqualTo(_driver.Now - start));
        }

        Assert.That(_driver.Peek(E1000Register.Tdh), Is.EqualTo(8));
    }

    // Statement 28.
    [Test]
    public void SWXOFF_sends_one_PAUSE_frame_and_clears_itself_when_it_has_left()
    {
        _driver.SetUpTransmit();
        _driver.Write(E1000Register.Fcttv, 0x1234);
        _driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl | 1u << 22);
        _driver.RunFor((8 + 64) * 8 - 1);
        Assert.That(_driver.Read(E1000Register.Tctl) >> 22 & 1, Is.EqualTo(1));
        _driver.RunFor(1);
        Assert.That(_driver.Read(E1000Register.Tctl) >> 22 & 1, Is.Zero);
        _driver.RunFor(100_000);

        byte[] expected = new byte[60];
        Convert.FromHexString("0180c2000001" + "525400123456" + "8808" + "0001" + "1234").CopyTo(expected, 0);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_driver.Cable.Frames.Single().Bytes, Is.EqualTo(expected));
            Assert.That(_driver.Read(E1000Register.Xofftxc), Is.EqualTo(1));
            Assert.That(_driver.Read(E1000Register.Xontxc), Is.Zero);
            Assert.That(_driver.Read(E1000Register.Gptc), Is.Zero);
        }
    }

    [Test]
    public void A_descriptor_that_is_not_in_memory_stops_the_ring_until_the_driver_does_something()
    {
        _driver.SetUpTransmit();
        _driver.Write(E1000Register.Tdbah, 0x10);
        _driver.Send(E1000Driver.Frame(60));
        _driver.RunFor(1_000_000);
        Assert.That(_driver.Cable.Frames, Is.Empty);
        Assert.That(_driver.Card.Dma.Totals(DmaPurpose.TransmitDescriptorFetch).Failures, Is.EqualTo(1));

        _driver.Write(E1000Register.Tdbah, 0);
        _driver.RunFor(10_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(1));
    }

    [TestCase(0x1000ul)]
    [TestCase(E1000Driver.MemoryBase + E1000Driver.MemoryBytes - 30)]
    [TestCase(ulong.MaxValue - 30)]
    public void A_buffer_that_is_not_memory_loses_its_packet_and_no_other(ulong address)
    {
        _driver.SetUpTransmit();
        _driver.Queue(E1000Driver.Frame(60, 1));
        _driver.Queue(E1000Driver.Frame(60, 2));
        _driver.Queue(E1000Driver.Frame(60, 3));
        _driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(1), address);
        _driver.RingTransmit();
        _driver.RunFor(100_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                _driver.Cable.Frames.Select(sent => sent.Bytes),
                Is.EqualTo(new[] { E1000Driver.Frame(60, 1), E1000Driver.Frame(60, 3) }));
            Assert.That(Enumerable.Range(0, 3).All(_driver.IsSent), Is.True);
            Assert.That(_driver.Card.Journal.Drops(PacketDirection.Transmit, PacketDrop.DmaFault), Is.EqualTo(1));
        }
    }

    // 16 KiB of FIFO less 80 (SDM "Legacy Transmit Descriptor Format": at most 16288).
    [TestCase(16_288, 1)]
    [TestCase(16_289, 0)]
    public void A_packet_that_is_longer_than_the_chip_can_send_is_dropped(int length, int frames)
    {
        _driver.SetUpTransmit();
        byte[] packet = E1000Driver.Frame(length);
        _driver.Queue(packet.AsSpan(0, 8_000), E1000Driver.ReportStatus);
        _driver.Queue(packet.AsSpan(8_000));
        _driver.Queue(E1000Driver.Frame(60));
        _driver.RingTransmit();
        _driver.RunFor(1_000_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(frames + 1));
            Assert.That(_driver.Cable.Frames[0].Bytes, Is.EqualTo(frames == 1 ? packet : E1000Driver.Frame(60)));
            Assert.That(_driver.IsSent(1) && _driver.IsSent(2), Is.True);
        }
    }

    [TestCase(0u)]
    [TestCase(127u)]
    public void A_ring_of_no_descriptors_sends_nothing(uint length)
    {
        _driver.SetUpTransmit();
        _driver.Write(E1000Register.Tdlen, length);
        _driver.Send(E1000Driver.Frame(60));
        _driver.RunFor(1_000_000);
        Assert.That(_driver.Card.Dma.OutboundBusyCycles, Is.Zero);
    }

    [TestCase(16u)]
    [TestCase(0xffffu)]
    public void A_tail_outside_of_the_ring_hands_nothing_over(uint tail)
    {
        _driver.SetUpTransmit(count: 16);
        _driver.Queue(E1000Driver.Frame(60));
        _driver.Write(E1000Register.Tdt, tail);
        _driver.RunFor(1_000_000);
        Assert.That(_driver.Card.Dma.OutboundBusyCycles, Is.Zero);

        _driver.RingTransmit();
        _driver.RunFor(10_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_link_that_goes_down_loses_the_frame_on_the_wire_and_keeps_what_waits()
    {
        _driver.SetUpTransmit();
        for (int index = 0; index < 4; index++)
        {
            _driver.Queue(E1000Driver.Frame(1000, index));
        }

        _driver.RingTransmit();
        _driver.RunFor(10_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(1));
        _driver.Card.SetLink(false);
        _driver.RunFor(1_000_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(1));

        _driver.Card.SetLink(true);
        _driver.RunUntil(() => _driver.Cable.Frames.Count == 3, 10_000_000_000);
        Assert.That(_driver.Cable.Frames.Skip(1).Select(sent => sent.Info.DescriptorIndex), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(_driver.Card.Journal.Drops(PacketDirection.Transmit, PacketDrop.LinkDown), Is.EqualTo(1));
    }

    /// <summary>A card whose link is up, as a driver makes it: CTRL.SLU, and time for auto-negotiation.</summary>
    private static E1000Driver LinkedDriver(E1000Fidelity fidelity)
    {
        var driver = new E1000Driver(fidelity);
        driver.Write(E1000Register.Ctrl, 0x41);
        driver.RunUntil(() => (driver.Peek(E1000Register.Status) & 2) != 0, 10_000_000_000);
        return driver;
    }
}

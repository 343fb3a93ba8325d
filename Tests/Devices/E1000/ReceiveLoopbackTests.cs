using System.Buffers.Binary;
using NUnit.Framework;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Frames of the card's own that turn round: test statement 26, Intel's own loopback test, and MAC loopback.
/// </summary>
public sealed class ReceiveLoopbackTests
{
    private const ulong TransmitRing = ReceiveBench.RamBase + 0x8000;
    private const ulong TransmitBuffers = ReceiveBench.RamBase + 0x30_0000;
    private const byte EndAndCheckSequenceAndReport = 0x0b;

    /// <summary>
    /// 64 frames of 1024 bytes to everyone, as in Intel's self-test: BMCR 4140h, CTRL forced to 1000 Mb/s and full
    /// duplex.
    /// </summary>
    [Test]
    public void In_phy_loopback_all_64_frames_of_intel_s_test_come_back()
    {
        using var bench = new ReceiveBench();
        WritePhy(bench, 0, 0x4140);
        bench.Write(E1000Offset.Ctrl, 1u << 12 | 1u << 11 | 2u << 8 | 1u << 7 | 1u << 6 | 1u);
        bench.StartReceiver(descriptors: 128);
        Send(bench, 64, IntelFrame);
        bench.Run(64 * 8_400 + 100_000);

        var frames = bench.TakeAll();
        Assert.That(frames.Select(frame => frame.Bytes), Is.EqualTo(Enumerable.Repeat(IntelFrame(0), 64)));
        Assert.That(bench.Backend.Sent, Is.Empty, "nothing leaves the card");
        Assert.That(bench.Read(E1000Offset.Gprc), Is.EqualTo(64));
    }

    [Test]
    public void In_mac_loopback_frames_come_back_and_the_cable_s_are_lost()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(control: ReceiveBench.UsualControl | 1u << 6);
        bench.Deliver(ReceiveBench.Frame(100, seed: 9));
        Send(bench, 3, number => ReceiveBench.Frame(200 + number, seed: number));
        bench.Run(100_000);

        Assert.That(
            bench.TakeAll().Select(frame => frame.Bytes),
            Is.EqualTo(Enumerable.Range(0, 3).Select(number => ReceiveBench.Frame(200 + number, seed: number))));
        Assert.That(bench.Backend.Sent, Is.Empty);
    }

    [Test]
    public void Without_loopback_nothing_comes_back()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        Send(bench, 3, number => ReceiveBench.Frame(200 + number, seed: number));
        bench.Run(100_000);
        Assert.That(bench.TakeAll(), Is.Empty);
        Assert.That(bench.Backend.Sent, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_short_frame_sent_without_padding_comes_back_as_a_runt()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver(control: ReceiveBench.UsualControl | 1u << 6);
        Send(bench, 1, _ => ReceiveBench.Frame(40), control: 2);
        bench.Run(100_000);
        Assert.That(bench.TakeAll(), Is.Empty);
        Assert.That(bench.Read(E1000Offset.Ruc), Is.EqualTo(1));
    }

    /// <summary>Test statement 27: VLE and VME put a tag in, and the receiver takes it out again.</summary>
    [Test]
    public void A_tag_that_the_transmitter_puts_in_the_receiver_takes_out()
    {
        const uint vlanMode = 1u << 30;
        using var bench = new ReceiveBench();
        bench.Write(E1000Offset.Ctrl, bench.Read(E1000Offset.Ctrl) | vlanMode);
        bench.StartReceiver(control: ReceiveBench.UsualControl | 1u << 6);
        Send(bench, 1, _ => ReceiveBench.Frame(100), command: 0x4b, special: 0x2123);
        bench.Run(100_000);

        var taken = bench.Take()!;
        Assert.That(taken.Bytes, Is.EqualTo(ReceiveBench.Frame(100)));
        Assert.That(taken.Special, Is.EqualTo(0x2123));
        Assert.That(taken.Status & 0x08, Is.EqualTo(0x08));
    }

    private static byte[] IntelFrame(int number)
    {
        // create_lbtest_frame of Linux's driver: ones, then AAh from the middle on, then BEh and AFh.
        var frame = new byte[1024];
        frame.AsSpan().Fill(0xff);
        frame.AsSpan(512, 511).Fill(0xaa);
        frame[522] = 0xbe;
        frame[524] = 0xaf;
        return frame;
    }

    private static void WritePhy(ReceiveBench bench, uint register, ushort value)
    {
        bench.Write(E1000Offset.Mdic, 1u << 26 | 1u << 21 | register << 16 | value);
        bench.Run(100_000);
    }

    private static void Send(
        ReceiveBench bench,
        int count,
        Func<int, byte[]> frame,
        uint control = 0xa,
        byte command = EndAndCheckSequenceAndReport,
        ushort special = 0)
    {
        Span<byte> descriptor = stackalloc byte[16];
        for (int number = 0; number < count; number++)
        {
            ulong buffer = TransmitBuffers + (ulong)number * 2048;
            byte[] bytes = frame(number);
            bench.Ram.TryWrite(buffer, bytes);
            BinaryPrimitives.WriteUInt64LittleEndian(descriptor, buffer);
            BinaryPrimitives.WriteUInt64LittleEndian(
                descriptor[8..], (uint)bytes.Length | (ulong)command << 24 | (ulong)special << 48);
            bench.Ram.TryWrite(TransmitRing + (ulong)number * 16, descriptor);
        }

        bench.Write(E1000Offset.Tdbal, (uint)TransmitRing);
        bench.Write(E1000Offset.Tdbah, 0);
        bench.Write(E1000Offset.Tdlen, 128 * 16);
        bench.Write(E1000Offset.Tdh, 0);
        bench.Write(E1000Offset.Tdt, 0);
        bench.Write(E1000Offset.Tctl, control);
        bench.Write(E1000Offset.Tdt, (uint)count);
    }
}

using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.Middleware;

/// <summary>Captures: their bytes, and what Wireshark reads in them.</summary>
internal sealed class CaptureTests
{
    private static readonly string[] s_fields =
    [
        "frame.time_epoch", "frame.len", "frame.cap_len", "eth.dst", "eth.src", "eth.type",
    ];

    private static readonly string[] s_remarkFields =
    [
        "frame.time_epoch", "frame.interface_name", "frame.packet_flags_direction", "frame.packet_flags_crc_error", "frame.comment",
    ];

    [Test]
    public void A_pcap_file_is_what_the_format_says_byte_for_byte()
    {
        var clock = new GuestClock(100);
        using var stream = new MemoryStream();
        using var writer = new PcapWriter(stream, clock, Unexpected, maxLengthBytes: 20);
        using var rig = new LinkRig(captures: [new CaptureTap(writer)], clock: clock);
        rig.RunTo(123_456_789);
        rig.Send(FrameDirection.ToNetwork, LinkRig.Frame(0x01020304));
        writer.Flush();

        // 123,456,789 cycles of 10 ns are 1.23456789 s: 1 s and 234,567 µs (0x00039447).
        Assert.That(Convert.ToHexString(stream.ToArray()), Is.EqualTo(
            "D4C3B2A1" + "0200" + "0400" + "00000000" + "00000000" + "14000000" + "01000000"
            + "01000000" + "47940300" + "14000000" + "3C000000"
            + "52550A000202" + "525400123456" + "88B5" + "04030201" + "0000"));
    }

    [Test, Category("Qemu")]
    public void A_pcap_file_begins_as_QEMUs()
    {
        string qemu = Requirement.Tool("qemu-system-riscv64", "qemu-system-misc");
        string path = Path.GetTempFileName();
        string[] arguments =
        [
            "-machine", "virt", "-bios", "none", "-nographic", "-S", "-monitor", "stdio", "-serial", "none",
            "-netdev", "hubport,id=n,hubid=0", "-object", $"filter-dump,id=f,netdev=n,file={path}",
        ];
        ScriptedProcess.Run(qemu, arguments, [new Typing("(qemu) ", "quit\n")], 30);
        byte[] theirs = File.ReadAllBytes(path);
        File.Delete(path);

        using var stream = new MemoryStream();
        using var writer = new PcapWriter(stream, new GuestClock(), Unexpected);
        Assert.That(stream.ToArray(), Is.EqualTo(theirs));
    }

    [Test]
    public void Wireshark_reads_a_pcap_file()
    {
        var lines = Dissect(
            (stream, clock) => new PcapWriter(stream, clock, Unexpected, startNanoseconds: 1_700_000_000_900_000_000),
            faults: null,
            static rig =>
            {
                rig.RunTo(5_000);
                rig.Send(FrameDirection.ToNetwork, LinkRig.Frame(1));
                rig.RunTo(2_000_007_999);
                rig.Send(FrameDirection.ToCard, LinkRig.Frame(2, 1514));
            },
            s_fields);

        Assert.That(lines, Is.EqualTo(new[]
        {
            "1700000000.000005000|60|60|52:55:0a:00:02:02|52:54:00:12:34:56|0x88b5",
            "1700000002.000007000|1514|1514|52:55:0a:00:02:02|52:54:00:12:34:56|0x88b5",
        }));
    }

    [Test]
    public void Wireshark_reads_nanoseconds_directions_descriptors_and_what_befell_a_frame_in_a_pcapng_file()
    {
        var faults = new FaultOptions
        {
            ToNetwork = new DirectionFaults { Drop = new Probability(1_000_000) },
            ToCard = new DirectionFaults { DelayNanoseconds = 250, Duplicate = new Probability(1_000_000) },
        };
        var lines = Dissect(
            static (stream, clock) => new PcapNgFile(stream, clock, Unexpected).AddInterface("net0", "the card in the test"),
            faults,
            static rig =>
            {
                rig.RunTo(1_000_000_007);
                rig.Send(FrameDirection.ToNetwork, LinkRig.Frame(1), new FrameInfo(FrameFlags.None, 5));
                rig.Send(FrameDirection.ToCard, LinkRig.Frame(2, 61), new FrameInfo(FrameFlags.BadFcs));
                rig.RunTo(2_000_000_000);
            },
            s_remarkFields);

        Assert.That(lines, Is.EqualTo(new[]
        {
            "1.000000007|net0|0x00000002|0|descriptor 5; lost: drop",
            "1.000000257|net0|0x00000001|1|bad FCS; fault: delay 250 ns",
            "1.000000257|net0|0x00000001|1|bad FCS; fault: duplicate; fault: delay 250 ns",
        }));
    }

    [Test]
    public void A_frame_that_a_fault_keeps_from_the_card_is_in_a_pcapng_file_as_lost_and_not_in_a_pcap_file()
    {
        var faults = new FaultOptions { ToCard = new DirectionFaults { Drop = new Probability(1_000_000) } };
        static void Play(LinkRig rig) => rig.Send(FrameDirection.ToCard, LinkRig.Frame(1));

        Assert.That(
            Dissect(static (stream, clock) => new PcapNgFile(stream, clock, Unexpected).AddInterface("net0", ""), faults, Play, s_remarkFields),
            Is.EqualTo(new[] { "0.000000000|net0|0x00000001|0|lost: drop" }));
        Assert.That(
            Dissect(static (stream, clock) => new PcapWriter(stream, clock, Unexpected), faults, Play, s_fields),
            Is.Empty);
    }

    [Test]
    public void What_the_card_did_with_a_frame_is_remarked_and_the_order_is_that_of_the_wire()
    {
        var lines = Dissect(
            static (stream, clock) => new PcapNgFile(stream, clock, Unexpected).AddInterface("net0", ""),
            faults: null,
            static rig =>
            {
                var card = (ICardObserver)rig.Link;
                card.BeginObserving();
                rig.RunTo(10);
                rig.Send(FrameDirection.ToCard, LinkRig.Frame(1));
                rig.RunTo(20);
                rig.Send(FrameDirection.ToNetwork, LinkRig.Frame(2), new FrameInfo(FrameFlags.None, 9));
                rig.Send(FrameDirection.ToCard, LinkRig.Frame(3, 61));
                rig.Send(FrameDirection.ToCard, LinkRig.Frame(4, 62));
                card.Settled(20, 62, -1, "FIFO full");
                card.Settled(10, 60, 3, null);
                card.Settled(77, 60, 5, "no such frame");
                card.Settled(20, 61, 4, null);
            },
            s_remarkFields);

        Assert.That(lines, Is.EqualTo(new[]
        {
            "0.000000010|net0|0x00000001|0|descriptor 3",
            "0.000000020|net0|0x00000002|0|descriptor 9",
            "0.000000020|net0|0x00000001|0|descriptor 4",
            "0.000000020|net0|0x00000001|0|dropped by the card: FIFO full",
        }));
    }

    [Test]
    public void A_card_that_never_tells_holds_a_capture_back_for_10_ms_and_a_flood_not_at_all()
    {
        var kept = new ListWriter();
        using var rig = new LinkRig(captures: [new CaptureTap(kept)]);
        ((ICardObserver)rig.Link).BeginObserving();
        rig.Send(FrameDirection.ToCard, LinkRig.Frame(1));
        rig.RunTo(9_999_999);
        rig.Send(FrameDirection.ToNetwork, LinkRig.Frame(2));
        Assert.That(kept.Frames, Is.Empty);
        rig.RunTo(10_000_000);
        rig.Send(FrameDirection.ToNetwork, LinkRig.Frame(3));
        Assert.That(kept.Frames.Select(LinkRig.NumberOf), Is.EqualTo(new[] { 1, 2, 3 }));

        rig.Send(FrameDirection.ToCard, count: 10_000, gapCycles: 0, lengthBytes: 1514);
        Assert.That(kept.Frames, Has.Count.GreaterThan(7000), "4 MiB hold no more than 2800 frames");
        rig.Dispose();
        Assert.That(kept.Frames.Skip(3).Select(LinkRig.NumberOf), Is.EqualTo(Enumerable.Range(0, 10_000)));
    }

    [Test]
    public void Two_cards_share_a_pcapng_file()
    {
        var clock = new GuestClock();
        string path = Path.GetTempFileName();
        var file = new PcapNgFile(File.Create(path), clock, Unexpected);
        var (first, second) = (file.AddInterface("net0", ""), file.AddInterface("net1", ""));
        using (var one = new LinkRig(captures: [new CaptureTap(first)], clock: clock))
        using (var two = new LinkRig(captures: [new CaptureTap(second)], clock: clock))
        {
            two.Send(FrameDirection.ToNetwork, LinkRig.Frame(2));
            one.Send(FrameDirection.ToNetwork, LinkRig.Frame(1));
        }

        Assert.That(Tshark(path, "frame.interface_name"), Is.EqualTo(new[] { "net1", "net0" }));
    }

    [TestCase(CaptureDirections.ToNetwork, new[] { 1 })]
    [TestCase(CaptureDirections.ToCard, new[] { 2 })]
    [TestCase(CaptureDirections.Both, new[] { 1, 2 })]
    public void A_capture_takes_the_directions_that_it_was_told(CaptureDirections directions, int[] numbers)
    {
        var kept = new ListWriter();
        using var rig = new LinkRig(captures: [new CaptureTap(kept, directions)]);
        rig.Send(FrameDirection.ToNetwork, LinkRig.Frame(1));
        rig.Send(FrameDirection.ToCard, LinkRig.Frame(2));
        Assert.That(kept.Frames.Select(LinkRig.NumberOf), Is.EqualTo(numbers));
    }

    [Test]
    public void An_answer_within_the_sending_comes_after_the_question([Values(false, true)] bool hasFaults)
    {
        var kept = new ListWriter();
        using var rig = new LinkRig(hasFaults ? new FaultOptions() : null, [new CaptureTap(kept)]);
        rig.Far.Answer = LinkRig.Frame(2);
        rig.Send(FrameDirection.ToNetwork, LinkRig.Frame(1));
        Assert.That(kept.Frames.Select(LinkRig.NumberOf), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void A_file_that_cant_be_written_any_more_is_told_once_and_stops_nothing()
    {
        var notices = new List<string>();
        var clock = new GuestClock();
        var writer = new PcapWriter(new FullDisk(freeBytes: 24), clock, notices.Add);
        using (var rig = new LinkRig(captures: [new CaptureTap(writer)], clock: clock))
        {
            rig.Send(FrameDirection.ToNetwork, count: 5000);
            Assert.That(rig.Far.Arrivals, Has.Count.EqualTo(5000));
        }

        Assert.That(notices, Has.Count.EqualTo(1));
        Assert.That(notices[0], Does.Contain("no space"));
    }

    [Test]
    public void A_capture_is_closed_with_its_link_and_allocates_nothing_for_a_frame()
    {
        var stream = new CountingStream();
        var clock = new GuestClock();
        var writer = new PcapNgFile(stream, clock, Unexpected).AddInterface("net0", "");
        var link = NetworkLink.Assemble(
            new RiscvXv6.Devices.Net.Backends.LoopbackBackend(),
            new FaultOptions(),
            [new CaptureTap(writer)],
            clock,
            new EventScheduler(clock),
            new LinkStatistics("net0"));
        link.Connect(new Sink());
        byte[] frame = LinkRig.Frame(1, 1514);
        Send(1000);
        Assert.That(Allocation.LeastOf(() => Send(1000)), Is.Zero);

        (link as IDisposable)!.Dispose();
        Assert.That(stream.IsClosed, Is.True);
        Assert.That(stream.Bytes, Is.GreaterThan(2 * 2000 * 1514));

        void Send(int count)
        {
            for (int index = 0; index < count; index++)
            {
                link.Send(frame, new FrameInfo(FrameFlags.None, index));
            }
        }
    }

    private static void Unexpected(string notice) => Assert.Fail(notice);

    private static string[] Dissect(
        Func<Stream, GuestClock, ICaptureWriter> create, FaultOptions? faults, Action<LinkRig> play, string[] fields)
    {
        string path = Path.GetTempFileName();
        var clock = new GuestClock();
        using (var rig = new LinkRig(faults, [new CaptureTap(create(File.Create(path), clock))], clock))
        {
            play(rig);
        }

        return Tshark(path, fields);
    }

    /// <summary>A line for each frame, the fields with bars between them.</summary>
    private static string[] Tshark(string path, params string[] fields)
    {
        string tshark = Requirement.Tool("tshark", "tshark");
        string[] arguments =
        [
            "-n", "-r", path, "-T", "fields", "-E", "separator=|", .. fields.SelectMany(static field => new[] { "-e", field }),
        ];
        var run = ScriptedProcess.Run(tshark, arguments, [], 60);
        File.Delete(path);
        Assert.That(run.ExitCode, Is.Zero, run.Output);
        return [.. run.Output.Split('\n').Select(static line => line.TrimEnd('\r')).Where(static line => line.Contains('|') || line.StartsWith("net", StringComparison.Ordinal))];
    }

    private sealed class ListWriter : ICaptureWriter
    {
        public List<byte[]> Frames { get; } = [];

        public void Write(in CapturedFrame frame) => Frames.Add(frame.Bytes.ToArray());

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Sink : INetworkClient
    {
        public int ReceiveRoomFrames => int.MaxValue;

        public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info)
        {
        }

        public void SetLink(bool isUp)
        {
        }
    }

    private sealed class CountingStream : MemoryStream
    {
        public long Bytes { get; private set; }

        public bool IsClosed { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Bytes += buffer.Length;

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class FullDisk(int freeBytes) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > freeBytes)
            {
                throw new IOException("no space left on the device");
            }

            base.Write(buffer);
        }
    }
}

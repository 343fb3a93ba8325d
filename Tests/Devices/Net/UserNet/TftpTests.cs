using System.Text;
using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

public sealed class TftpTests
{
    private const int Client = 3000;

    private static readonly byte[] s_thousand = [.. Enumerable.Range(0, 1000).Select(static i => (byte)(i * 5 >> 2))];

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(511)]
    [TestCase(512)]
    [TestCase(513)]
    [TestCase(1024)]
    [TestCase(40_000)]
    public void A_file_arrives_in_blocks_of_512_and_ends_with_one_that_is_not_full(int length)
    {
        var files = new Files("kernel", [.. Enumerable.Range(0, length).Select(static i => (byte)(i % 251))]);
        using var rig = Serving(files);
        var (data, blocks) = Fetch(rig, Request("kernel"), 512);
        Assert.That(data, Is.EqualTo(files.Content));
        Assert.That(blocks, Is.EqualTo(length / 512 + 1));
        Assert.That(files.OpenCount, Is.Zero);
        Assert.That(rig.Scheduler.NextDeadlineCycles, Is.EqualTo(RiscvXv6.Devices.Timing.EventScheduler.Never));
    }

    [Test]
    public void Options_are_agreed_upon_before_the_first_block()
    {
        // RFC 2347 "Packet Formats", RFC 2348, RFC 2349.
        using var rig = Serving(new Files("kernel", s_thousand));
        var reply = Ask(rig, Request("kernel", "BLKSIZE", "600", "tsize", "0", "timeout", "3", "windowsize", "8"));
        Assert.That(reply.Data, Is.EqualTo("\0\u0006blksize\0600\0tsize\01000\0timeout\03\0"u8.ToArray()));
        Assert.That(Acknowledge(rig, reply.FromPort, 0)!.Data, Is.EqualTo((byte[])[0, 3, 0, 1, .. s_thousand[..600]]));
        Assert.That(Acknowledge(rig, reply.FromPort, 1)!.Data, Is.EqualTo((byte[])[0, 3, 0, 2, .. s_thousand[600..]]));
        Assert.That(Acknowledge(rig, reply.FromPort, 2), Is.Null);
    }

    [TestCase("8", "8")]
    [TestCase("1468", "1468")]
    [TestCase("1469", "1468")]
    [TestCase("65464", "1468")]
    public void A_block_is_at_most_what_one_frame_carries(string asked, string given)
    {
        using var rig = Serving(new Files("kernel", s_thousand));
        Assert.That(Text(Ask(rig, Request("kernel", "blksize", asked))), Is.EqualTo($"\0\u0006blksize\0{given}\0"));
    }

    [TestCase("blksize", "7")]
    [TestCase("blksize", "x")]
    [TestCase("blksize", "-5")]
    [TestCase("blksize", "99999999999999999999")]
    [TestCase("timeout", "0")]
    [TestCase("timeout", "256")]
    [TestCase("unheard", "of")]
    public void An_option_that_cannot_be_is_as_if_it_were_not_there(string option, string value)
    {
        using var rig = Serving(new Files("kernel", s_thousand));
        Assert.That(Ask(rig, Request("kernel", option, value)).Data, Is.EqualTo((byte[])[0, 3, 0, 1, .. s_thousand[..512]]));
    }

    [Test]
    public void Each_transfer_has_a_port_of_its_own()
    {
        // RFC 1350 "Initial Connection Protocol".
        using var rig = Serving(new Files("kernel", s_thousand));
        int first = Ask(rig, Request("kernel")).FromPort;
        int second = Ask(rig, Request("kernel"), Client + 1).FromPort;
        Assert.That(new[] { first, second, 69 }, Is.Unique);
    }

    [Test]
    public void What_is_lost_is_sent_again_five_times_a_second_apart_and_then_no_more()
    {
        var files = new Files("kernel", s_thousand);
        using var rig = Serving(files);
        byte[] first = Ask(rig, Request("kernel")).Data;
        for (int again = 0; again < 5; again++)
        {
            rig.AdvanceMilliseconds(999);
            Assert.That(rig.Guest.Frames, Is.Empty);
            rig.AdvanceMilliseconds(1);
            Assert.That(rig.Guest.TakeUdp().Single().Data, Is.EqualTo(first));
        }

        rig.AdvanceMilliseconds(60_000);
        Assert.That(rig.Guest.Frames, Is.Empty);
        Assert.That(files.OpenCount, Is.Zero);
    }

    [Test]
    public void The_client_says_how_long_to_wait_before_sending_again()
    {
        using var rig = Serving(new Files("kernel", s_thousand));
        Ask(rig, Request("kernel", "timeout", "7"));
        rig.AdvanceMilliseconds(6_999);
        Assert.That(rig.Guest.Frames, Is.Empty);
        rig.AdvanceMilliseconds(1);
        Assert.That(rig.Guest.TakeUdp(), Has.Length.EqualTo(1));
    }

    [Test]
    public void An_acknowledgement_that_comes_twice_does_not_make_the_next_block_come_twice()
    {
        // RFC 1123 "Sorcerer's Apprentice Syndrome".
        using var rig = Serving(new Files("kernel", new byte[2000]));
        int port = Ask(rig, Request("kernel")).FromPort;
        Assert.That(Acknowledge(rig, port, 1), Is.Not.Null);
        Assert.That(Acknowledge(rig, port, 1), Is.Null);
        Assert.That(Acknowledge(rig, port, 0), Is.Null);
        Assert.That(Acknowledge(rig, port, 3), Is.Null);
        Assert.That(Packets.Word(Acknowledge(rig, port, 2)!.Data, 2), Is.EqualTo(3));
    }

    [Test]
    public void A_request_whose_answer_was_lost_is_answered_again_from_the_same_port()
    {
        using var rig = Serving(new Files("kernel", s_thousand));
        var first = Ask(rig, Request("kernel"));
        var again = Ask(rig, Request("kernel"));
        Assert.That((again.FromPort, Text(again)), Is.EqualTo((first.FromPort, Text(first))));
    }

    [Test]
    public void Block_numbers_go_on_from_65535_with_0()
    {
        var files = new Files("kernel", [.. Enumerable.Range(0, 8 * 66_000).Select(static i => (byte)(i / 8))]);
        using var rig = Serving(files);
        var (data, blocks) = Fetch(rig, Request("kernel", "blksize", "8"), 8);
        Assert.That(blocks, Is.EqualTo(66_001));
        Assert.That(data.SequenceEqual(files.Content));
    }

    [TestCase("absent", 1)]
    [TestCase("../kernel", 1)]
    [TestCase("a/../kernel", 1)]
    [TestCase("..", 1)]
    [TestCase("a\\kernel", 1)]
    [TestCase("c:kernel", 1)]
    [TestCase("/", 1)]
    [TestCase("ker\nnel", 1)]
    public void A_file_that_is_not_there_or_not_in_the_directory_is_not_found(string name, int code)
    {
        var files = new Files("kernel", s_thousand);
        using var rig = Serving(files);
        var error = Ask(rig, Request(name));
        Assert.That((Packets.Word(error.Data, 0), Packets.Word(error.Data, 2), error.Data[^1]), Is.EqualTo((5, code, 0)));
        Assert.That(files.Asked.Where(static asked => asked.Contains("..") || asked.Contains('\\')), Is.Empty);
    }

    [Test]
    public void Slashes_in_front_of_a_name_do_not_matter()
    {
        using var rig = Serving(new Files("boot/kernel", s_thousand));
        Assert.That(Packets.Word(Ask(rig, Request("//boot/kernel")).Data, 0), Is.EqualTo(3));
    }

    [Test]
    public void Without_a_directory_no_file_is_found()
    {
        using var rig = new UserNetRig();
        Assert.That(Packets.Word(Ask(rig, Request("kernel")).Data, 2), Is.EqualTo(1));
    }

    [Test]
    public void Nothing_is_written_and_other_modes_and_nonsense_are_illegal()
    {
        var files = new Files("kernel", s_thousand);
        using var rig = Serving(files);
        Assert.That(ErrorOf("\0\u0002kernel\0octet\0"), Is.EqualTo(2));
        Assert.That(ErrorOf("\0\u0001kernel\0netascii\0"), Is.EqualTo(4));
        Assert.That(ErrorOf("\0\u0001kernel\0octet"), Is.EqualTo(4));
        Assert.That(ErrorOf("\0\u0001kernel"), Is.EqualTo(4));
        Assert.That(ErrorOf("\0\u0001\0octet\0"), Is.EqualTo(4));
        Assert.That(ErrorOf("\0\u0004\0\u0001"), Is.EqualTo(5));
        foreach (string silent in new[] { "", "\0", "\0\u0005\0\u0001x\0" })
        {
            rig.Guest.SendUdp(Client, NetGuest.Gateway, 69, Encoding.Latin1.GetBytes(silent));
        }

        Assert.That(rig.Guest.Frames, Is.Empty);
        Assert.That(files.Asked, Is.Empty);

        int ErrorOf(string packet)
        {
            var error = Ask(rig, Encoding.Latin1.GetBytes(packet));
            Assert.That((error.FromPort, Packets.Word(error.Data, 0)), Is.EqualTo((69, 5)));
            return Packets.Word(error.Data, 2);
        }
    }

    [Test]
    public void An_error_of_the_client_or_an_answer_that_is_none_ends_the_transfer()
    {
        var files = new Files("kernel", s_thousand);
        using var rig = Serving(files);
        int port = Ask(rig, Request("kernel")).FromPort;
        rig.Guest.SendUdp(Client, NetGuest.Gateway, port, [0, 5, 0, 0, 0]);
        Assert.That(rig.Guest.Frames, Is.Empty);
        Assert.That(files.OpenCount, Is.Zero);
        port = Ask(rig, Request("kernel")).FromPort;
        rig.Guest.SendUdp(Client, NetGuest.Gateway, port, [0, 3, 0, 1]);
        Assert.That(Packets.Word(rig.Guest.TakeUdp().Single().Data, 2), Is.EqualTo(4));
        Assert.That(files.OpenCount, Is.Zero);
    }

    [Test]
    public void A_file_that_cannot_be_read_any_more_ends_the_transfer_with_an_error()
    {
        var files = new Files("kernel", s_thousand);
        using var rig = Serving(files);
        int port = Ask(rig, Request("kernel")).FromPort;
        files.IsBroken = true;
        Assert.That(Packets.Word(Acknowledge(rig, port, 1)!.Data, 0), Is.EqualTo(5));
        Assert.That(files.OpenCount, Is.Zero);
    }

    [Test]
    public void No_more_than_16_files_are_open_and_a_reset_closes_all()
    {
        var files = new Files("kernel", s_thousand);
        using var rig = Serving(files);
        for (int port = 1; port <= 50; port++)
        {
            Ask(rig, Request("kernel"), port);
        }

        Assert.That(files.OpenCount, Is.EqualTo(16));
        Ask(rig, Request("other"), 50);
        Ask(rig, Request("kernel"), 50);
        Assert.That(files.OpenCount, Is.EqualTo(16));
        rig.Network.Reset();
        Assert.That(files.OpenCount, Is.Zero);
    }

    [Test]
    public void Another_port_or_another_guest_cannot_take_part_and_reaches_the_host_instead()
    {
        using var rig = Serving(new Files("kernel", s_thousand));
        int port = Ask(rig, Request("kernel")).FromPort;
        rig.Guest.SendUdp(Client + 1, NetGuest.Gateway, port, [0, 4, 0, 1]);
        Assert.That(rig.Guest.Frames, Is.Empty);
        Assert.That(rig.Door.Datagrams.Single().To.Port, Is.EqualTo(port));
    }

    [Test]
    public void A_restricted_network_serves_files_as_well()
    {
        using var rig = Serving(new Files("kernel", s_thousand), isRestricted: true);
        Assert.That(Fetch(rig, Request("kernel"), 512).Data, Is.EqualTo(s_thousand));
    }

    private static UserNetRig Serving(Files files, bool isRestricted = false) =>
        new(new UserNetOptions { TftpFiles = files, IsRestricted = isRestricted });

    private static byte[] Request(string name, params string[] options) =>
        Encoding.Latin1.GetBytes($"\0\u0001{name}\0octet\0{string.Concat(options.Select(static option => option + "\0"))}");

    private static GuestDatagram Ask(UserNetRig rig, byte[] request, int clientPort = Client)
    {
        rig.Guest.Clear();
        rig.Guest.SendUdp(clientPort, NetGuest.Gateway, 69, request);
        var reply = rig.Guest.TakeUdp().Single();
        Assert.That((reply.From, reply.ToPort), Is.EqualTo((NetGuest.Gateway, clientPort)));
        return reply;
    }

    private static GuestDatagram? Acknowledge(UserNetRig rig, int port, int block)
    {
        rig.Guest.SendUdp(Client, NetGuest.Gateway, port, [0, 4, .. Packets.Big16(block)]);
        var reply = rig.Guest.TakeUdp().SingleOrDefault();
        Assert.That(reply?.FromPort ?? port, Is.EqualTo(port));
        return reply;
    }

    private static (byte[] Data, int Blocks) Fetch(UserNetRig rig, byte[] request, int blockBytes)
    {
        var data = new List<byte>();
        GuestDatagram? reply = Ask(rig, request);
        if (Packets.Word(reply.Data, 0) == 6)
        {
            reply = Acknowledge(rig, reply.FromPort, 0)!;
        }

        for (int block = 1; ; block++)
        {
            Assert.That(reply!.Data[..4], Is.EqualTo((byte[])[0, 3, .. Packets.Big16(block & 0xffff)]));
            data.AddRange(reply.Data[4..]);
            bool isLast = reply.Data.Length < 4 + blockBytes;
            reply = Acknowledge(rig, reply.FromPort, block & 0xffff);
            if (isLast)
            {
                Assert.That(reply, Is.Null);
                return ([.. data], block);
            }
        }
    }

    private static string Text(GuestDatagram datagram) => Encoding.Latin1.GetString(datagram.Data);

    /// <summary>One file, and what became of it.</summary>
    private sealed class Files(string name, byte[] content) : ITftpFiles
    {
        public byte[] Content => content;

        public int OpenCount { get; private set; }

        public bool IsBroken { get; set; }

        public List<string> Asked { get; } = [];

        public ITftpFile? Open(string asked)
        {
            Asked.Add(asked);
            if (asked != name)
            {
                return null;
            }

            OpenCount++;
            return new OpenFile(this);
        }

        private sealed class OpenFile(Files files) : ITftpFile
        {
            private bool _isDisposed;

            public long SizeBytes => files.Content.Length;

            public int Read(long offsetBytes, Span<byte> destination)
            {
                if (files.IsBroken || _isDisposed)
                {
                    return -1;
                }

                var rest = files.Content.AsSpan((int)offsetBytes);
                int length = Math.Min(rest.Length, destination.Length);
                rest[..length].CopyTo(destination);
                return length;
            }

            public void Dispose()
            {
                Assert.That(_isDisposed, Is.False);
                _isDisposed = true;
                files.OpenCount--;
            }
        }
    }
}

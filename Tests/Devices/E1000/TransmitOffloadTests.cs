using System.Buffers.Binary;
using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// What the card does to frames on their way: checksums by legacy and data descriptors, and VLAN tags. Checksums are
/// held against a sum that is made word by word, and against a published example.
/// </summary>
public sealed class TransmitOffloadTests
{
    private const byte End = TransmitScript.EndOfPacket | TransmitScript.InsertFcs | TransmitScript.ReportStatus;
    private const byte Both = TransmitScript.IPChecksum | TransmitScript.TransportChecksum;
    private const int IPStart = PlainPackets.EthernetBytes;
    private const int TransportStart = IPStart + PlainPackets.IPv4Bytes;

    private E1000Driver _driver = null!;
    private TransmitScript _script = null!;

    private byte[] Sent
    {
        get
        {
            _script.Ring();
            _driver.RunFor(1_000_000);
            return _driver.Cable.Frames.Single().Bytes;
        }
    }

    [SetUp]
    public void Start_a_card()
    {
        _driver = new E1000Driver();
        _driver.SetUpTransmit();
        _script = new TransmitScript(_driver);
    }

    [TearDown]
    public void Release() => _driver.Dispose();

    // The example of an IPv4 header that is found everywhere: its checksum is b861.
    [Test]
    public void IC_puts_the_checksum_of_the_packet_s_end_where_CSO_says()
    {
        byte[] packet = new byte[60];
        Convert.FromHexString("450000730000400040110000c0a80001c0a800c7").CopyTo(packet, 40);
        _script.Legacy(packet, End | TransmitScript.InsertChecksum, checksumOffset: 50, checksumStart: 40);
        packet[50] = 0xb8;
        packet[51] = 0x61;
        Assert.That(Sent, Is.EqualTo(packet));
    }

    // Statement 18: "IC is ignored if CSO and CCS are out of the packet range. This occurs when (CSS >= length) OR
    // (CSO >= length - 1)".
    [TestCase(99, 10, true)]
    [TestCase(100, 10, false)]
    [TestCase(255, 10, false)]
    [TestCase(10, 98, true)]
    [TestCase(10, 99, false)]
    [TestCase(10, 100, false)]
    public void IC_is_ignored_when_start_or_offset_lie_outside_of_the_packet(int start, int offset, bool isInserted)
    {
        byte[] packet = E1000Driver.Frame(100);
        _script.Legacy(packet, End | TransmitScript.InsertChecksum, (byte)offset, (byte)start);
        ushort checksum = (ushort)~PlainPackets.Sum(packet.AsSpan(Math.Min(start, 100)));
        if (isInserted)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(offset), checksum);
        }

        Assert.That(Sent, Is.EqualTo(packet));
    }

    [Test]
    public void IC_counts_in_the_last_descriptor_only()
    {
        byte[] packet = E1000Driver.Frame(100);
        _script.Legacy(packet.AsSpan(0, 50), TransmitScript.InsertChecksum, 10, 20);
        _script.Legacy(packet.AsSpan(50), End);
        Assert.That(Sent, Is.EqualTo(packet));
    }

    [TestCase(0)]
    [TestCase(TransmitScript.IPChecksum)]
    [TestCase(TransmitScript.TransportChecksum)]
    [TestCase(Both)]
    public void POPTS_choose_the_checksums_that_the_context_describes(int options)
    {
        foreach (bool isTcp in new[] { true, false })
        {
            Release();
            Start_a_card();
            byte[] packet = PlainPackets.Prototype(isIPv6: false, isTcp, payloadBytes: 101);
            int transportBytes = packet.Length - TransportStart;
            int checksumAt = TransportStart + (isTcp ? 16 : 6);

            // Without segmentation, the driver's partial sum has the length in it.
            BinaryPrimitives.WriteUInt16BigEndian(
                packet.AsSpan(checksumAt), PlainPackets.PseudoHeader(packet, false, isTcp ? (byte)6 : (byte)17, transportBytes));
            _script.ContextFor(isIPv6: false, isTcp);
            _script.Data(packet.AsSpan(0, 30), 0, (byte)options);
            _script.Data(packet.AsSpan(30), End);

            if ((options & TransmitScript.IPChecksum) != 0)
            {
                ushort ip = (ushort)~PlainPackets.Sum(packet.AsSpan(IPStart, PlainPackets.IPv4Bytes));
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(IPStart + 10), ip);
            }

            if ((options & TransmitScript.TransportChecksum) != 0)
            {
                ushort transport = (ushort)~PlainPackets.Sum(packet.AsSpan(TransportStart));
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(checksumAt), transport);
            }

            Assert.That(Sent, Is.EqualTo(packet));
        }
    }

    [Test]
    public void POPTS_count_in_the_first_data_descriptor_only()
    {
        byte[] packet = PlainPackets.Prototype(isIPv6: false, isTcp: true, payloadBytes: 50);
        _script.ContextFor(isIPv6: false, isTcp: true);
        _script.Data(packet.AsSpan(0, 20), 0);
        _script.Data(packet.AsSpan(20), End, Both);
        Assert.That(Sent, Is.EqualTo(packet));
    }

    // RFC 768 "Fields": "If the computed checksum is zero, it is transmitted as all ones".
    [TestCase(false, (ushort)0xffff)]
    [TestCase(true, (ushort)0)]
    public void A_UDP_checksum_of_zero_is_sent_as_all_ones(bool isTcp, ushort expected)
    {
        byte[] packet = PlainPackets.Prototype(isIPv6: false, isTcp, payloadBytes: 10);
        int checksumAt = TransportStart + (isTcp ? 16 : 6);
        packet[checksumAt] = 0;
        packet[checksumAt + 1] = 0;
        ushort rest = PlainPackets.Sum(packet.AsSpan(TransportStart));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(checksumAt), (ushort)(0xffff - rest));
        _script.ContextFor(isIPv6: false, isTcp);
        _script.Data(packet, End, TransmitScript.TransportChecksum);
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(Sent.AsSpan(checksumAt)), Is.EqualTo(expected));
    }

    [TestCase(200, 10, 0)]
    [TestCase(0, 200, 0)]
    [TestCase(255, 255, 65_535)]
    public void A_context_that_points_outside_of_the_packet_changes_nothing(int start, int offset, int end)
    {
        byte[] packet = E1000Driver.Frame(100);
        _script.Context(0, (byte)start, (byte)offset, (ushort)end, (byte)start, (byte)offset, (ushort)end);
        _script.Data(packet, End, Both);
        Assert.That(Sent, Is.EqualTo(packet));
    }

    [Test]
    public void A_context_s_end_beyond_the_packet_is_the_packet_s_end()
    {
        byte[] packet = E1000Driver.Frame(100);
        _script.Context(TransmitScript.ContextTcp, 0, 0, 0, 20, 30, 1_000);
        _script.Data(packet, End, TransmitScript.TransportChecksum);
        ushort checksum = (ushort)~PlainPackets.Sum(packet.AsSpan(20));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(30), checksum);
        Assert.That(Sent, Is.EqualTo(packet));
    }

    // Statement 27, its half of transmission: CTRL.VME and VLE.
    [TestCase(true, true, true)]
    [TestCase(true, false, false)]
    [TestCase(false, true, false)]
    public void A_VLAN_tag_is_inserted_if_both_the_card_and_the_descriptor_want_it(bool isMode, bool isCommand, bool isTagged)
    {
        _driver.Write(E1000Register.Ctrl, _driver.Read(E1000Register.Ctrl) | (isMode ? 1u << 30 : 0));
        _driver.Write(E1000Register.Vet, 0x88a8);
        byte[] packet = E1000Driver.Frame(100);
        _script.Legacy(packet.AsSpan(0, 40), TransmitScript.VlanTag, special: 0x1111);
        _script.Legacy(packet.AsSpan(40), (byte)(End | (isCommand ? TransmitScript.VlanTag : 0)), special: 0xabcd);
        byte[] tagged = [.. packet[..12], 0x88, 0xa8, 0xab, 0xcd, .. packet[12..]];
        Assert.That(Sent, Is.EqualTo(isTagged ? tagged : packet));
    }

    [Test]
    public void A_tag_brings_the_check_sequence_with_it()
    {
        using var driver = new E1000Driver(E1000Fidelity.Hardware);
        driver.Write(E1000Register.Ctrl, 0x41 | 1u << 30);
        driver.RunUntil(() => (driver.Peek(E1000Register.Status) & 2) != 0, 10_000_000_000);
        driver.SetUpTransmit();
        var script = new TransmitScript(driver);
        script.Legacy(E1000Driver.Frame(100), TransmitScript.EndOfPacket | TransmitScript.VlanTag);
        script.Legacy(E1000Driver.Frame(100), TransmitScript.EndOfPacket);
        script.Ring();
        driver.RunFor(100_000);
        Assert.That(
            driver.Cable.Frames.Select(sent => sent.Info.Flags), Is.EqualTo(new[] { FrameFlags.None, FrameFlags.MissingFcs }));
    }

    [Test]
    public void Checksums_are_made_before_the_tag_is_inserted()
    {
        _driver.Write(E1000Register.Ctrl, _driver.Read(E1000Register.Ctrl) | 1u << 30);
        byte[] packet = E1000Driver.Frame(100);
        _script.Legacy(packet, End | TransmitScript.InsertChecksum | TransmitScript.VlanTag, 50, 20, special: 5);
        ushort checksum = (ushort)~PlainPackets.Sum(packet.AsSpan(20));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(50), checksum);
        Assert.That(Sent, Is.EqualTo((byte[])[.. packet[..12], 0x81, 0, 0, 5, .. packet[12..]]));
    }

    [Test]
    public void A_packet_without_whole_addresses_gets_no_tag()
    {
        _driver.Write(E1000Register.Ctrl, _driver.Read(E1000Register.Ctrl) | 1u << 30);
        _driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl & ~(1u << 3));
        _script.Legacy([1, 2, 3], End | TransmitScript.VlanTag);
        Assert.That(Sent, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void A_descriptor_of_a_type_that_the_manual_does_not_know_is_done_without_a_frame()
    {
        _script.Add(E1000Driver.TransmitBuffers, 60 | 7ul << 20 | (ulong)(End | TransmitScript.Extended) << 24);
        byte[] packet = E1000Driver.Frame(100);
        _script.Legacy(packet, End);
        Assert.That(Sent, Is.EqualTo(packet));
        Assert.That(_driver.IsSent(0), Is.True);
    }
}
